package web

import (
	"net/http"
	"slices"

	"irm/influence"
)

// routes is the site map: one line an address. Fixed paths stand before those
// with parameters only for the reader; the router prefers them anyway.
func (s *server) routes() []route {
	return slices.Concat(s.publicRoutes(), s.memberRoutes(), s.accountRoutes(), s.claimRoutes(), s.agreementRoutes(), s.reportRoutes(),
		s.directoryRoutes(), s.admissionRoutes(), s.teamRoutes(), s.viewingRoutes(), s.exportRoutes())
}

// publicRoutes are what everybody may ask for.
func (s *server) publicRoutes() []route {
	return []route{
		{"GET", "/healthz", influence.Public, s.healthy},
		{"GET", "/readyz", influence.Public, s.ready},
		{"GET", "/", influence.Public, s.home},
		{"GET", "/signin", influence.Public, s.signInForm},
		{"POST", "/signin", influence.Public, s.signIn},
		{"POST", "/signout", influence.Public, s.signOut},
		{"GET", "/signup", influence.Public, s.signUpForm},
		{"POST", "/signup", influence.Public, s.signUp},
		{"GET", "/signup/sent", influence.Public, s.signUpSent},
		{"GET", "/signup/confirm", influence.Public, s.confirmForm},
		{"POST", "/signup/confirm", influence.Public, s.confirm},
		{"GET", "/signup/personal", influence.Public, s.personalForm},
		{"POST", "/signup/personal", influence.Public, s.personal},
		{"GET", "/password/forgot", influence.Public, s.forgotForm},
		{"POST", "/password/forgot", influence.Public, s.forgot},
		{"GET", "/password/sent", influence.Public, s.forgotSent},
		{"GET", "/password/reset", influence.Public, s.resetForm},
		{"POST", "/password/reset", influence.Public, s.reset},
		{"GET", "/invite/:token", influence.Public, s.inviteForm},
		{"POST", "/invite/:token", influence.Public, s.invite},
		{"GET", "/receipt/:hash", influence.Public, s.receiptCheck},
		{"GET", "/help/:topic", influence.Public, s.help},
		{"GET", "/demo/mail", influence.Public, s.demoMail},
	}
}

// memberRoutes are a member's own pages, and the organization's figures.
func (s *server) memberRoutes() []route {
	return []route{
		{"GET", "/notices", influence.ReadNotices, s.notices},
		{"POST", "/notices/open", influence.ReadNotices, s.noticeOpen},
		{"POST", "/notices/read", influence.ReadNotices, s.noticesRead},
		{"GET", "/team", influence.ViewTeam, s.team},
		{"GET", "/team/activity", influence.ViewActivity, s.activity},
		{"GET", "/dashboard", influence.ViewDashboard, s.dashboard},
		{"GET", "/search", influence.Search, s.search},
		{"GET", "/statement", influence.ViewStatement, s.statement},
		{"GET", "/record", influence.ViewStatement, s.record},
		{"GET", "/statement/:ref", influence.ViewStatement, s.statementExplain},
		{"GET", "/audit", influence.ViewLedger, s.audit},
		{"GET", "/audit/checkpoint.txt", influence.ViewLedger, s.checkpointFile},
	}
}

// accountRoutes are how a member signs in, and proves again who it is.
func (s *server) accountRoutes() []route {
	return []route{
		{"GET", "/signin/second", influence.Public, s.secondStepForm},
		{"POST", "/signin/second", influence.Public, s.secondStep},
		{"GET", "/account", influence.ViewAccount, s.account},
		{"POST", "/account/notifications", influence.ReadNotices, s.chooseMail},
		{"POST", "/account/password", influence.EditAccount, s.changePassword},
		{"POST", "/account/sessions/end", influence.EditAccount, s.endSessions},
		{"GET", "/account/proof", influence.EditAccount, s.proofForm},
		{"POST", "/account/proof", influence.EditAccount, s.prove},
		{"GET", "/account/email", influence.EditCredentials, s.emailForm},
		{"POST", "/account/email", influence.EditCredentials, s.askEmail},
		{"GET", "/account/email/sent", influence.ViewAccount, s.emailSent},
		{"GET", "/account/email/confirm", influence.Public, s.emailConfirmForm},
		{"POST", "/account/email/confirm", influence.Public, s.emailConfirm},
		{"GET", "/account/app", influence.EditCredentials, s.appForm},
		{"POST", "/account/app/start", influence.EditCredentials, s.appStart},
		{"POST", "/account/app", influence.EditCredentials, s.appConfirm},
		{"POST", "/account/app/remove", influence.EditCredentials, s.appRemove},
		{"POST", "/account/codes", influence.EditCredentials, s.newCodes},
		{"POST", "/account/proof/begin", influence.EditAccount, s.proofBegin},
		{"POST", "/signin/passkey/begin", influence.Public, s.passkeySignInBegin},
		{"POST", "/signin/passkey", influence.Public, s.passkeySignIn},
		{"GET", "/account/passkeys/new", influence.EditCredentials, s.passkeyNew},
		{"POST", "/account/passkeys/begin", influence.EditCredentials, s.passkeyBegin},
		{"POST", "/account/passkeys", influence.EditCredentials, s.passkeyAdd},
		{"POST", "/account/passkeys/:ref/name", influence.EditAccount, s.passkeyName},
		{"POST", "/account/passkeys/:ref/remove", influence.EditCredentials, s.passkeyRemove},
	}
}

// claimRoutes lead a claim from its draft to its answer.
func (s *server) claimRoutes() []route {
	return []route{
		{"GET", "/claims", influence.ViewClaims, s.claimList},
		{"GET", "/claims/new", influence.EditClaims, s.claimNew},
		{"POST", "/claims", influence.EditClaims, s.claimSave},
		{"GET", "/claims/:ref", influence.ViewClaims, s.claimShow},
		{"POST", "/claims/:ref", influence.EditClaims, s.claimSave},
		{"GET", "/claims/:ref/edit", influence.EditClaims, s.claimEdit},
		{"GET", "/claims/:ref/receipt", influence.ViewClaims, s.claimReceipt},
		{"GET", "/claims/:ref/receipt.json", influence.ViewClaims, s.claimReceiptFile},
		{"POST", "/claims/:ref/withdraw", influence.EditClaims, s.claimWithdraw},
		{"POST", "/claims/:ref/discard", influence.EditClaims, s.claimDiscard},
		{"POST", "/claims/:ref/attach", influence.AnswerClaims, s.claimAttach},
		{"POST", "/claims/:ref/reject", influence.AnswerClaims, s.claimReject},
		{"POST", "/claims/:ref/ask", influence.AnswerClaims, s.claimAsk},
		{"POST", "/claims/:ref/ask/withdraw", influence.AnswerClaims, s.claimTakeBack},
		{"POST", "/claims/:ref/answer", influence.EditClaims, s.claimAnswer},
		{"POST", "/claims/:ref/dispute", influence.OpenDisputes, s.claimDispute},
		{"POST", "/claims/:ref/extend", influence.EditClaims, s.claimExtend},
		{"POST", "/claims/:ref/yours", influence.EditClaims, s.claimYours},
		{"POST", "/claims/:ref/reopen", influence.EditClaims, s.claimReopen},
		{"POST", "/claims/:ref/copy", influence.EditClaims, s.claimCopy},
		{"POST", "/claims/:ref/detach", influence.AnswerClaims, s.claimDetach},
		{"POST", "/claims/:ref/evidence", influence.EditClaims, s.evidenceAdd},
		{"GET", "/evidence/:ref", influence.ViewClaims, s.evidenceFile},
		{"POST", "/evidence/:ref/remove", influence.EditClaims, s.evidenceRemove},
	}
}

// agreementRoutes enter agreements and decide them.
func (s *server) agreementRoutes() []route {
	return []route{
		{"GET", "/agreements", influence.ViewAgreements, s.agreementList},
		{"GET", "/agreements/new", influence.EnterAgreements, s.agreementNew},
		{"POST", "/agreements", influence.EnterAgreements, s.agreementCreate},
		{"GET", "/agreements/:ref", influence.ViewAgreements, s.agreementShow},
		{"POST", "/agreements/:ref/orders", influence.EnterAgreements, s.orderEnter},
		{"GET", "/agreements/:ref/decide", influence.Decide, s.decideForm},
		{"POST", "/agreements/:ref/decide", influence.Decide, s.decide},
		{"POST", "/agreements/:ref/undo", influence.Decide, s.undoDecision},
		{"GET", "/inbox", influence.ViewInbox, s.inbox},
		{"GET", "/disputes", influence.ViewDisputes, s.disputeList},
		{"GET", "/disputes/:ref", influence.ViewDisputes, s.disputeShow},
		{"POST", "/disputes/:ref/answer", influence.AnswerDisputes, s.disputeAnswer},
		{"POST", "/disputes/:ref/rule", influence.RuleDisputes, s.disputeRule},
		{"POST", "/disputes/:ref/approve", influence.ApproveRulings, s.disputeApprove},
		{"POST", "/agreements/:ref/dispute", influence.OpenDisputes, s.agreementDispute},
	}
}

// reportRoutes take sales reports, and show the jobs that read them.
func (s *server) reportRoutes() []route {
	return []route{
		{"GET", "/reports", influence.ViewReports, s.reportList},
		{"GET", "/reports/new", influence.UploadReports, s.reportNew},
		{"POST", "/reports", influence.UploadReports, s.reportCreate},
		{"GET", "/reports/:ref", influence.ViewReports, s.reportShow},
		{"GET", "/reports/:ref/refused.csv", influence.UploadReports, s.reportRefused},
		{"POST", "/reports/:ref/map", influence.UploadReports, s.reportMap},
		{"POST", "/reports/:ref/commit", influence.UploadReports, s.reportCommit},
		{"POST", "/reports/:ref/discard", influence.UploadReports, s.reportDiscard},
		{"POST", "/reports/:ref/undo", influence.UploadReports, s.reportUndo},
		{"GET", "/jobs/:ref", influence.ViewJobs, s.jobShow},
		{"POST", "/jobs/:ref/cancel", influence.UploadReports, s.jobCancel},
	}
}

// directoryRoutes are who is known to whom.
func (s *server) directoryRoutes() []route {
	return []route{
		{"GET", "/lars", influence.Public, s.larList},
		{"POST", "/lars", influence.EditLARs, s.larAdd},
		{"GET", "/lars/:ref", influence.ViewLARs, s.larShow},
		{"POST", "/lars/:ref/status", influence.EditLARs, s.larStatus},
		{"POST", "/lars/:ref/suspend", influence.SuspendLAR, s.larSuspend},
		{"POST", "/lars/:ref/restore", influence.SuspendLAR, s.larRestore},
		{"POST", "/lars/:ref/connect", influence.AskConnection, s.larConnect},
		{"GET", "/partners", influence.ViewPartners, s.partnerList},
		{"GET", "/partners/:ref", influence.ViewPartners, s.partnerShow},
		{"POST", "/partners/:ref/suspend", influence.SuspendPartner, s.partnerSuspend},
		{"POST", "/partners/:ref/restore", influence.SuspendPartner, s.partnerRestore},
		{"GET", "/connections", influence.ViewConnections, s.connectionList},
		{"POST", "/connections/:ref/accept", influence.AnswerConnection, s.connectionAccept},
		{"POST", "/connections/:ref/decline", influence.RefuseConnections, s.connectionDecline},
		{"GET", "/connections/:ref/end", influence.EndConnections, s.connectionEndForm},
		{"POST", "/connections/:ref/end", influence.EndConnections, s.connectionEnd},
		{"GET", "/profile", influence.EditProfile, s.profileForm},
		{"POST", "/profile", influence.EditProfile, s.profile},
		{"GET", "/customers", influence.ViewCustomers, s.customerList},
	}
}

// admissionRoutes are who is let in: applications, and the roster they are held against.
func (s *server) admissionRoutes() []route {
	return []route{
		{"GET", "/applications", influence.ViewApplications, s.applicationList},
		{"GET", "/applications/:ref", influence.ViewApplications, s.applicationShow},
		{"POST", "/applications/:ref/accept", influence.DecideApplication, s.applicationAccept},
		{"POST", "/applications/:ref/refuse", influence.DecideApplication, s.applicationRefuse},
		{"POST", "/applications/:ref/ask", influence.AskApplicant, s.applicationAsk},
		{"POST", "/application/answer", influence.AnswerApplication, s.applicationAnswer},
		{"GET", "/roster", influence.ViewRoster, s.rosterShow},
		{"POST", "/roster", influence.ImportRoster, s.rosterImport},
		{"POST", "/partners/:ref/link", influence.SendPersonalLink, s.partnerLink},
		{"GET", "/roster/refused.csv", influence.ViewRoster, s.rosterRefused},
		{"POST", "/roster/lookup", influence.LookUpRoster, s.rosterLookUp},
	}
}

// teamRoutes change who is a member of what.
func (s *server) teamRoutes() []route {
	all := []route{
		{"POST", "/team", influence.EditTeam, s.teamInvite},
		{"POST", "/team/leave", influence.LeaveOwnTeam, s.teamLeave},
		{"POST", "/team/later", influence.EditProfile, s.teamLater},
		{"POST", "/team/requests/:ref/accept", influence.AnswerJoin, s.joinAccept},
		{"POST", "/team/requests/:ref/decline", influence.AnswerJoin, s.joinDecline},
		{"GET", "/members", influence.ViewMembers, s.memberList},
		{"POST", "/members", influence.EditMembers, s.memberInvite},
		{"POST", "/members/signout", influence.EditMembers, s.membersSignOut},
	}
	for act := range memberButtons {
		all = append(all, route{"POST", "/team/:ref/" + string(act), influence.EditTeam, s.memberChange(act)})
	}
	return all
}

// viewingRoutes let staff see the portal as an organization does.
func (s *server) viewingRoutes() []route {
	return []route{
		{"POST", "/partners/:ref/view", influence.ViewAs, s.viewPartner},
		{"POST", "/lars/:ref/view", influence.ViewAs, s.viewLAR},
		{"POST", endViewingPath, influence.SignedIn, s.viewEnd},
	}
}

// exportRoutes are the lists as files, one address a format.
func (s *server) exportRoutes() (all []route) {
	for table, action := range map[string]influence.Action{"agreements": influence.ViewAgreements, "claims": influence.ViewClaims, "disputes": influence.ViewDisputes,
		"partners": influence.ViewPartners, "lars": influence.ViewLARs, "connections": influence.ViewConnections,
		"applications": influence.ViewApplications, "roster": influence.ViewRoster, "customers": influence.ViewCustomers,
		"reports": influence.ViewReports, "members": influence.ViewMembers, "inbox": influence.ViewInbox, "statement": influence.ViewStatement, "record": influence.ViewStatement, "audit": influence.ViewLedger, "team/activity": influence.ViewActivity} {
		for _, format := range Formats() {
			all = append(all, route{"GET", "/" + table + "." + format, action, s.export(table, format)})
		}
	}
	return all
}

// healthy says that the process is alive, ready that its database answers too.
func (s *server) healthy(r *request) error { return r.String(http.StatusOK, "ok\n") }

func (s *server) ready(r *request) error {
	if err := s.store.Ping(r.Request().Context()); err != nil {
		return r.String(http.StatusServiceUnavailable, "the database does not answer\n")
	}
	return r.String(http.StatusOK, "ok\n")
}
