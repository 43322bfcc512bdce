package influence

import "time"

// Settings are the program's numbers. They live only here; help texts print them
// from here, and staff change them from a coming day on (domain.md, Settings).
type Settings struct {
	Version int64 // numbered from 1 in the order in which they apply

	LeastSeats int // seats a customer has at least

	ClaimValid     int // calendar days an intent is valid
	ClaimExtension int // calendar days one extension adds
	ClaimLooksBack int // calendar days before the claim an agreement may be signed

	LARTurn     int // business days of the LAR, and of a connection request
	OwnersTurn  int // business days after that, of the LAR's owners
	PartnerTurn int // business days of the partner in Action required
	LeastLeft   int // business days a LAR has at least after a question

	DraftReminder int // calendar days after which a draft is brought to mind
	EndingNotice  int // calendar days before its end that an intent's partner is told
	AnswerNotice  int // business days before its end that a question's partner is reminded

	ReopenWindow   int // calendar days
	DisputeWindow  int // calendar days
	DisputeAnswers int // business days of the LAR and every holder
	DisputeRuling  int // business days of staff

	Undo time.Duration // how long a decision can be undone

	SuggestFrom float64 // score, 0 to 1, from which a match is suggested
	MergeFrom   float64 // score, 0 to 1, from which a merge of customers is suggested

	CompensationPayable int   // calendar days after the decision was recorded
	SecondApproval      int64 // cents of revenue from which a ruling needs two

	ServiceRecordDecisions int // decisions from which a service record is shown
	ServiceRecordMonths    int // months in which they were made
	LapsedAfter            int // months without an influenced order

	LargestOrder int64 // cents, the largest amount of an order
}

// Defaults returns the settings a new program starts with.
func Defaults() Settings {
	return Settings{
		Version:    1,
		LeastSeats: 250,
		ClaimValid: 180, ClaimExtension: 90, ClaimLooksBack: 90,
		LARTurn: 10, OwnersTurn: 5, PartnerTurn: 10, LeastLeft: 3,
		DraftReminder: 30, EndingNotice: 14, AnswerNotice: 2,
		ReopenWindow: 30, DisputeWindow: 30, DisputeAnswers: 5, DisputeRuling: 10,
		Undo:        15 * time.Minute,
		SuggestFrom: 0.60, MergeFrom: 0.90,
		CompensationPayable: 30, SecondApproval: 1_000_000_00,
		ServiceRecordDecisions: 10, ServiceRecordMonths: 12, LapsedAfter: 6,
		LargestOrder: LargestAmount,
	}
}
