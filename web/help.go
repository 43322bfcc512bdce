package web

import (
	"fmt"
	"net/http"

	"irm/influence"
	"irm/views"
)

// topic is one page of the help.
type topic struct {
	name, title, lead string
	sections          func(influence.Settings) []views.HelpSection
}

// topics are the help's pages in their order.
func topics() []topic {
	return []topic{
		{"start", "How the program works", "Who does what, from the first idea to influenced revenue.", helpStart},
		{"claims", "Claims", "What a partner claims, and what becomes of it.", helpClaims},
		{"decisions", "Decisions and shares", "How a LAR answers, and how revenue is split.", helpDecisions},
		{"disputes", "Disputes", "When a partner holds that a decision is wrong, and how Microsoft rules.", helpDisputes},
		{"deadlines", "Days and deadlines", "How long each turn is, and which days count.", helpDeadlines},
		{"reports", "LAR reports", "Which files can be uploaded, and what is read from them.", helpReports},
		{"terms", "Program terms", "Version of " + termsMonth(influence.TermsVersion) + ", accepted with each enrollment.", helpTerms},
	}
}

// help shows one topic.
func (s *server) help(r *request) error {
	var m views.HelpModel
	for _, t := range topics() {
		current := t.name == r.Param("topic")
		m.Topics = append(m.Topics, views.NavItem{Label: t.title, Href: "/help/" + t.name, Current: current})
		if current {
			m.Title, m.Lead, m.Sections = t.title, t.lead, t.sections(s.store.Settings())
		}
	}
	if m.Title == "" {
		return influence.ErrNotFound
	}
	return r.html(http.StatusOK, views.Help(r.page(m.Title+" · Help"), m))
}

func helpStart(set influence.Settings) []views.HelpSection {
	return []views.HelpSection{
		{Title: "The three sides", Points: []string{
			"Partners are small resellers. They convince customers, and claim the deals they influenced.",
			"Large Account Resellers (LARs) sell Enterprise and Select Agreements. They report their orders and decide which partners influenced each agreement.",
			"Microsoft sees influenced revenue by partner, LAR, state and month.",
		}},
		{Title: "For a partner", Points: []string{
			"Enroll with your partner ID. Gold and Certified partners whose e-mail matches the roster are in at once; a partner manager answers everybody else, or asks first.",
			"If Microsoft mailed you a personal link, use that: what is known of your company is filled in, and you are in at once.",
			"Ask the LARs you work with for a connection, or claim first: the claim asks for it too.",
			"Claim each deal with what you did. The claim shows whose turn it is and until when.",
		}},
		{Title: "For a LAR", Points: []string{
			"Upload the order report you have. Each row gets a verdict before anything is kept.",
			"Decide in the inbox: confirm a claim, split among several partners, or say that no partner influenced the agreement.",
			"A decision can be undone for " + minutes(set.Undo) + ".",
		}},
		{Title: "What a decision means", Text: []string{
			"Each order of an agreement is influenced, unassisted or undecided, and the three add up to its amount to the cent. A confirmed claim is recognition. It is not a payment.",
		}},
	}
}

func helpClaims(set influence.Settings) []views.HelpSection {
	return []views.HelpSection{
		{Title: "Which deals", Points: []string{
			fmt.Sprintf("Enterprise and Select Agreements with %d or more seats.", set.LeastSeats),
			fmt.Sprintf("Signed up to %d days before the claim, or not signed yet.", set.ClaimLooksBack),
			fmt.Sprintf("A claim made before the agreement is known fits agreements signed within %d days after it.", set.ClaimValid),
			"One open claim for each agreement of a partner.",
		}},
		{Title: "What it names", Text: []string{"The LAR and the agreement number; or, before there is one, the customer, its state, the program, the expected date and an estimate."}},
		{Title: "Its states", Points: []string{
			"Draft: only your company sees it.",
			"Waiting for connection: the LAR has not accepted your company yet. It sees the request, not the claim.",
			"Intent: sent, and the LAR has not reported the agreement yet.",
			fmt.Sprintf("Attached: the agreement is known and it is the LAR’s turn, for %s.", businessDays(set.LARTurn)),
			"Confirmed or rejected: decided, with the reason.",
			"Withdrawn: taken back by your company.",
		}},
		{Title: "Is this yours?", Text: []string{"When a LAR reports an agreement that fits your claim and the claim names no number, you are asked whether your deal was signed. Yes is one more reason for the LAR, which decides whether the claim belongs to the agreement. With no, the agreement is not suggested for this claim again. You see nothing of the agreement before the claim is attached."}},
		{Title: "Who sees it", Text: []string{"The LAR that you choose and Microsoft see a submitted claim in full. Other partners do not see it."}},
	}
}

func helpDecisions(set influence.Settings) []views.HelpSection {
	return []views.HelpSection{
		{Title: "Shares", Points: []string{
			"A decision gives one or more partners a share in percent, with up to two decimals. One partner is the primary one.",
			"What is left of 100 % stays unassisted.",
			"Cents are split so that the parts add up to the order’s amount exactly.",
		}},
		{Title: "From when it counts", Text: []string{"A decision holds for the agreement’s orders from a day on, usually from the beginning. Later orders of the same agreement continue it."}},
		{Title: "Undo", Text: []string{"Who decided can undo it for " + minutes(set.Undo) + ". Mails about the decision leave after that time."}},
		{Title: "Nothing is erased", Text: []string{"Every decision is an entry of the ledger. The entries are numbered and chained, so that a change made behind the portal’s back would be found."}},
	}
}

func helpDisputes(set influence.Settings) []views.HelpSection {
	return []views.HelpSection{
		{Title: "What can be disputed", Points: []string{
			"A partner disputes the decision that rejected its claim, or that gave it less than 100 % of what it claimed.",
			"A partner that claimed nothing and was named by a LAR’s report disputes a decision that gives it less than before. It opens the dispute on the agreement’s page.",
			"A claim that was rejected because nobody answered is reopened instead.",
			fmt.Sprintf("Once for each decision, within %d days after its mail. For a partner that enrolled later the days begin with its enrollment.", set.DisputeWindow),
		}},
		{Title: "What happens then", Points: []string{
			"The decision stays in force, and nothing else is decided on the agreement until Microsoft has ruled.",
			"The LAR and every other partner with a share answer within " + businessDays(set.DisputeAnswers) + ", once each. Without an answer the dispute goes on without it.",
			"Then somebody at Microsoft who took no part rules within " + businessDays(set.DisputeRuling) + ". After that the program administrators see to it.",
			"For agreements with revenue of " + influence.FormatDollars(set.SecondApproval) + " or more a second person at Microsoft approves the ruling before it counts.",
		}},
		{Title: "The ruling", Points: []string{
			"Dismissed: nothing changes.",
			"Upheld: the ruling carries a decision with new shares, from the day on that the disputed one counted. Claims follow it.",
			"A ruling is final. It can’t be disputed or undone.",
		}},
		{Title: "Who reads what", Points: []string{
			"The LAR and Microsoft read the reason and the new evidence. A partner with a share reads that a dispute may change it, and not who opened it unless both have a share in the decision.",
			"The partner that opened the dispute reads the LAR’s answer. The LAR and Microsoft read all answers.",
			"All sides read the ruling and its reason.",
		}},
	}
}

func helpDeadlines(set influence.Settings) []views.HelpSection {
	return []views.HelpSection{
		{Title: "Turns", Points: []string{
			"A LAR decides an attached claim within " + businessDays(set.LARTurn) + ". Then its owners have " + businessDays(set.OwnersTurn) + ", and after that Microsoft may decide too.",
			"A LAR answers a connection request within " + businessDays(set.LARTurn) + ". Then its owners have " + businessDays(set.OwnersTurn) + ", and after that Microsoft may connect the two.",
			"A partner answers a question within " + businessDays(set.PartnerTurn) + ". Without an answer the claim is rejected. The LAR’s turn stops meanwhile, and goes on with what was left of it, at least " + businessDays(set.LeastLeft) + ".",
			fmt.Sprintf("A claim without an agreement expires after %d days. It can be extended once, by %d days.", set.ClaimValid, set.ClaimExtension),
			fmt.Sprintf("A claim that expired, was withdrawn, or was rejected without an answer can be reopened for %d days.", set.ReopenWindow),
			"The sides answer a dispute within " + businessDays(set.DisputeAnswers) + ", and Microsoft rules within " + businessDays(set.DisputeRuling) + " after that.",
			"A decision can be undone for " + minutes(set.Undo) + ".",
		}},
		{Title: "Mails and notices", Points: []string{
			fmt.Sprintf("A mail reminds of a draft after %d days, of a question %s before its end, and of a claim %d days before it expires.", set.DraftReminder, businessDays(set.AnswerNotice), set.EndingNotice),
			fmt.Sprintf("Mails come at once, or with one a day at %d am New York time: each member chooses under Account. A LAR gets one of what is due in any case.", influence.MorningHour),
			"Mails about a decision leave when it can’t be undone any more.",
			"Every mail is a line of Notices too, as long as you may see what it is about.",
		}},
		{Title: "Which days count", Text: []string{
			"Business days are Monday to Friday without US federal holidays. A turn ends at the end of its last business day, in New York.",
			"Days for signing and claiming are calendar days.",
		}},
		{Title: "Fiscal years", Text: []string{"A fiscal year runs from 1 July to 30 June and is named by the year it ends in: FY2007 ends on 30 June 2007."}},
	}
}

func helpReports(influence.Settings) []views.HelpSection {
	return []views.HelpSection{
		{Title: "The file", Text: []string{
			"CSV or Excel (.xlsx), one order a row. Encoding, delimiter and the row of headings are found out; the preview says what was found before anything is kept.",
		}},
		{Title: "The columns", Points: []string{
			"Always: agreement_number, order_number, ordered_on, amount.",
			"For an agreement that is not known yet also: program, customer, customer_state, seats, signed_on.",
			"Optional: order_kind, and partner_id for the partner that influenced the deal.",
			"Usual other headings are recognized. The rest is mapped once, and remembered for your company.",
		}},
		{Title: "Dates and amounts", Points: []string{
			"Dates as 2007-04-16, 4/16/2007 or 16-Apr-2007.",
			"Amounts as 12500.00 or $12,500.00; negative ones with a minus or in parentheses.",
		}},
		{Title: "Verdicts", Text: []string{"Each row is new, corrected, unchanged, held or refused. Refused rows can be downloaded with their reasons. The same file twice is refused; a report can be undone."}},
	}
}

func helpTerms(set influence.Settings) []views.HelpSection {
	return []views.HelpSection{
		{Title: "1. Taking part", Text: []string{"You enroll for your company and are allowed to do so. What you enter about it is true, and you keep it up to date."}},
		{Title: "2. Claims", Text: []string{fmt.Sprintf("You claim only deals that your company influenced: Enterprise and Select Agreements with %d or more seats. What you write as evidence is true, and you may share it.", set.LeastSeats)}},
		{Title: "3. Who sees your data", Text: []string{"Microsoft sees your company’s claims, shares and figures. A LAR sees the claims you send to it and your company’s part in its agreements. Partners with a share in the same decision see your company’s name and share. Nobody else sees them."}},
		{Title: "4. Decisions", Text: []string{"The LAR that booked an agreement decides which partners influenced it. A decision is recognition. It creates no claim to a payment by Microsoft."}},
		{Title: "5. Records", Text: []string{"What is done in the portal is recorded with the person and the time, and the record is not changed afterwards."}},
		{Title: "6. Changes", Text: []string{"The version you accepted is kept with your enrollment."}},
	}
}
