package influence

// Tone is how the badge of a state looks. Color never stands alone: the title is
// always beside it.
type Tone string

// The tones.
const (
	TonePlain Tone = "plain"
	ToneInfo  Tone = "info"
	ToneWarn  Tone = "warn"
	ToneGood  Tone = "good"
	ToneBad   Tone = "bad"
)
