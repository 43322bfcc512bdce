package web

// larChip is the name of a LAR that an address or a form names by its slug or
// reference; what it names if nobody has that, "" for none.
func (r *request) larChip(typed string) string {
	if typed == "" {
		return ""
	}
	l, err := r.store.LAR(r.Request().Context(), typed)
	if err != nil {
		return typed
	}
	return l.Name
}

// partnerChip is the name of a partner that an address names by its reference.
func (r *request) partnerChip(typed string) string {
	if typed == "" {
		return ""
	}
	name, err := r.store.PartnerName(r.Request().Context(), typed)
	if err != nil {
		return typed
	}
	return name
}
