package influence

// SilenceStep is one thing that the program does by itself because nobody acted
// in time (domain.md, Connections and claims).
type SilenceStep string

// The steps. Each happens once for the last day it counts from.
const (
	RemindDraft    SilenceStep = "remind_draft"    // a draft lies there
	TellEnding     SilenceStep = "tell_ending"     // an intent will expire
	TellAnswer     SilenceStep = "tell_answer"     // a question's last days begin
	EscalateOwners SilenceStep = "escalate_owners" // the LAR's turn is over: its owners'
	EscalateStaff  SilenceStep = "escalate_staff"  // theirs is over too: Microsoft may act
	RemindAnswers  SilenceStep = "remind_answers"  // the last days to answer a dispute begin
	BeginRuling    SilenceStep = "begin_ruling"    // it goes on without the answers that are missing
	RemindRuling   SilenceStep = "remind_ruling"   // the last days of a ruling begin
	EscalateRuling SilenceStep = "escalate_ruling" // it is the administrators'
)

// DraftRemindedOn is the day on which a draft begun on a day is brought to mind.
func DraftRemindedOn(began Day, set Settings) Day { return began.AddDays(set.DraftReminder) }

// OwnersUntil is the last day of the LAR's owners, after its turn that ended with due.
func OwnersUntil(due Day, set Settings) Day { return AddBusinessDays(due, set.OwnersTurn) }

// StaffMayAct reports whether Microsoft may act today on what a LAR and its owners
// left undone. What has no clock is not theirs.
func StaffMayAct(due, today Day, set Settings) bool {
	return due != "" && OwnersUntil(due, set) < today
}

// StaffTooEarly says from when on Microsoft may act on what is due on a day.
func StaffTooEarly(due Day, set Settings) error {
	if due == "" {
		return Refusal("Only its LAR decides this. Microsoft may when a claim was left undecided by the LAR and its owners.")
	}
	return Refusal("The LAR and its owners have until " + FormatDay(OwnersUntil(due, set)) + ". Microsoft may act after that day.")
}

// StaffActsBefore is the day before which a LAR's turn must have ended for
// Microsoft to act today.
func StaffActsBefore(today Day, set Settings) Day { return AddBusinessDays(today, -set.OwnersTurn) }

// EndingUntil is the last day of the intents of which the end is told today.
func EndingUntil(today Day, set Settings) Day { return today.AddDays(set.EndingNotice) }

// AnswerUntil is the last day of the questions whose partner is reminded today.
func AnswerUntil(today Day, set Settings) Day { return AddBusinessDays(today, set.AnswerNotice) }

// ReopenUntil is the last day on which a claim can be reopened that ended on a day.
func ReopenUntil(ended Day, set Settings) Day { return ended.AddDays(set.ReopenWindow) }
