package influence

// Refusal is a sentence that says why something typed or asked for is not taken
// and, where it helps, what to write instead. Pages and files show it as it is.
type Refusal string

func (r Refusal) Error() string { return string(r) }
