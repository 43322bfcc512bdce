package store

func (v Session) MappingAdvice(p ReportPage) string { return "" }
