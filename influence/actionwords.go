package influence

import "strings"

// recorded are the acts that the ledger has entries of, in the words of a list.
func recorded() []struct {
	action Action
	title  string
} {
	return []struct {
		action Action
		title  string
	}{
		{EditClaims, "Worked on a claim"},
		{EnterAgreements, "Entered an agreement or order"},
		{Decide, "Decided"},
		{OpenDisputes, "Disputed a decision"},
		{AnswerDisputes, "Answered a dispute"},
		{RuleDisputes, "Ruled on a dispute"},
		{ApproveRulings, "Answered a proposed ruling"},
		{UploadReports, "Handled a sales report"},
		{AskConnection, "Asked for a connection"},
		{AnswerClaims, "Answered a claim"},
		{AnswerConnection, "Accepted a connection"},
		{RefuseConnections, "Declined a connection"},
		{Register, "Enrolled or set a password"},
		{EditAccount, "Changed the own account"},
		{EditCredentials, "Changed how to sign in"},
		{DecideApplication, "Answered an application"},
		{ImportRoster, "Imported the roster"},
		{LookUpRoster, "Looked up a partner ID"},
		{AskApplicant, "Asked about an application"},
		{AnswerApplication, "Answered about the own application, or applied again"},
		{SendPersonalLink, "Sent a personal link"},
		{EditProfile, "Changed the company’s profile"},
		{EditLARs, "Changed a LAR"},
		{SuspendPartner, "Suspended or restored a partner"},
		{SuspendLAR, "Suspended or restored a LAR"},
		{EditTeam, "Changed a team"},
		{EditMembers, "Invited a member"},
		{LeaveOwnTeam, "Left a team"},
		{AnswerJoin, "Answered who asks to join"},
		{ViewAs, "Saw the portal as an organization does"},
		{KeepTime, "Acted because nobody did in time"},
		{Operate, "Used the command line"},
	}
}

// RecordedActions are the acts that the ledger has entries of.
func RecordedActions() (all []Action) {
	for _, r := range recorded() {
		all = append(all, r.action)
	}
	return all
}

// Title says what somebody did who performed the action.
func (a Action) Title() string {
	for _, r := range recorded() {
		if r.action == a {
			return r.title
		}
	}
	words := strings.NewReplacer(".", ": ", "_", " ").Replace(string(a))
	if words == "" {
		return ""
	}
	return strings.ToUpper(words[:1]) + words[1:]
}
