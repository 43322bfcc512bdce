package influence

// Role is what kind of organization a member works for.
type Role string

// The roles. An applicant has confirmed an address and waits for an answer to
// its application.
const (
	RolePartner   Role = "partner"
	RoleLAR       Role = "lar"
	RoleStaff     Role = "staff"
	RoleApplicant Role = "applicant"
)

// Rank is what a member is within its organization.
type Rank string

// The ranks: owner and member of a partner or LAR, manager (partner manager) and
// administrator (program administrator) of Microsoft.
const (
	RankOwner         Rank = "owner"
	RankMember        Rank = "member"
	RankManager       Rank = "manager"
	RankAdministrator Rank = "administrator"
)

// Action names one thing that can be asked of the portal.
type Action string

// The actions. A route carries one, and each change is recorded under one.
const (
	Public            Action = "public"    // without signing in
	SignedIn          Action = "signed_in" // anybody who is signed in
	ViewHome          Action = "home.view"
	ViewStatement     Action = "statement.view" // what one influenced, order by order
	ViewClaims        Action = "claims.view"
	EditClaims        Action = "claims.edit" // draft, submit, withdraw, discard
	Search            Action = "search"      // among what the actor sees
	ViewAgreements    Action = "agreements.view"
	EnterAgreements   Action = "agreements.enter"  // agreements and orders by form
	Decide            Action = "agreements.decide" // Microsoft may too, when the LAR and its owners let their time pass
	ViewDisputes      Action = "disputes.view"
	OpenDisputes      Action = "disputes.open"
	AnswerDisputes    Action = "disputes.answer"
	RuleDisputes      Action = "disputes.rule"
	ApproveRulings    Action = "disputes.approve" // of a ruling that needs two: approve or send back what another proposed
	AnswerClaims      Action = "claims.answer"    // attach, reject, ask about, detach
	ViewInbox         Action = "inbox.view"
	ViewReports       Action = "reports.view"
	UploadReports     Action = "reports.upload"
	ViewLARs          Action = "lars.view"
	EditLARs          Action = "lars.edit" // status, planned date
	ViewPartners      Action = "partners.view"
	SuspendPartner    Action = "partners.suspend" // keep a whole company out, and let it in again
	SuspendLAR        Action = "lars.suspend"
	ViewConnections   Action = "connections.view"
	AskConnection     Action = "connections.ask"
	AnswerConnection  Action = "connections.answer" // Microsoft may accept too, when the LAR and its owners let their time pass
	RefuseConnections Action = "connections.decline"
	EndConnections    Action = "connections.end"
	EditProfile       Action = "profile.edit" // a partner's own company
	ViewDashboard     Action = "dashboard.view"
	ViewApplications  Action = "applications.view"
	DecideApplication Action = "applications.decide"
	AskApplicant      Action = "applications.ask"
	AnswerApplication Action = "application.answer" // the applicant's own: a question, or a refusal by applying again
	SendPersonalLink  Action = "partners.link"      // to the contact on the roster
	ViewRoster        Action = "roster.view"
	ImportRoster      Action = "roster.import"
	LookUpRoster      Action = "roster.lookup"
	ViewCustomers     Action = "customers.view"
	ViewTeam          Action = "team.view"
	LeaveOwnTeam      Action = "team.leave"
	EditTeam          Action = "team.edit"    // invite, promote, demote, suspend, remove, hand over
	AnswerJoin        Action = "team.join"    // accept or decline who asks to join
	ViewMembers       Action = "members.view" // of all organizations
	EditMembers       Action = "members.edit" // invite into any organization
	ViewAs            Action = "view_as"      // see the portal as an organization does
	ReadNotices       Action = "notices.read" // one's own
	ViewAccount       Action = "account.view"
	EditAccount       Action = "account.edit"        // sessions, names of passkeys
	EditCredentials   Action = "account.credentials" // e-mail, password, passkeys, authenticator app, recovery codes
	ViewJobs          Action = "jobs.view"
	ViewLedger        Action = "ledger.view"
	ViewActivity      Action = "activity.view" // what one's own organization's members did
	Operate           Action = "operate"       // the command line
	Register          Action = "register"      // sign-up, confirmation, sign-in
	KeepTime          Action = "clocks"        // what silence does
)

// Scope is how far a permission reaches. The zero Scope reaches nothing.
type Scope int

// The scopes.
const (
	ScopeNone Scope = iota
	ScopeOwn        // what belongs to the actor's organization, or what it has sight of
	ScopeAll
)

// policy is the whole access policy. What is not in it is refused.
var policy = map[Action]map[Role]Scope{
	SignedIn:          {RolePartner: ScopeOwn, RoleLAR: ScopeOwn, RoleStaff: ScopeAll, RoleApplicant: ScopeOwn},
	ViewHome:          {RolePartner: ScopeOwn, RoleLAR: ScopeOwn, RoleStaff: ScopeAll, RoleApplicant: ScopeOwn},
	ViewStatement:     {RolePartner: ScopeOwn},
	ViewClaims:        {RolePartner: ScopeOwn, RoleLAR: ScopeOwn, RoleStaff: ScopeAll},
	EditClaims:        {RolePartner: ScopeOwn},
	Search:            {RolePartner: ScopeOwn, RoleLAR: ScopeOwn, RoleStaff: ScopeAll},
	ViewAgreements:    {RolePartner: ScopeOwn, RoleLAR: ScopeOwn, RoleStaff: ScopeAll},
	EnterAgreements:   {RoleLAR: ScopeOwn},
	Decide:            {RoleLAR: ScopeOwn, RoleStaff: ScopeAll},
	AnswerClaims:      {RoleLAR: ScopeOwn},
	ViewDisputes:      {RolePartner: ScopeOwn, RoleLAR: ScopeOwn, RoleStaff: ScopeAll},
	OpenDisputes:      {RolePartner: ScopeOwn},
	AnswerDisputes:    {RolePartner: ScopeOwn, RoleLAR: ScopeOwn},
	RuleDisputes:      {RoleStaff: ScopeAll},
	ApproveRulings:    {RoleStaff: ScopeAll},
	ViewInbox:         {RoleLAR: ScopeOwn},
	ViewReports:       {RoleLAR: ScopeOwn, RoleStaff: ScopeAll},
	UploadReports:     {RoleLAR: ScopeOwn},
	ViewLARs:          {RolePartner: ScopeAll, RoleLAR: ScopeAll, RoleStaff: ScopeAll},
	EditLARs:          {RoleStaff: ScopeAll},
	ViewPartners:      {RolePartner: ScopeOwn, RoleLAR: ScopeOwn, RoleStaff: ScopeAll},
	SuspendPartner:    {RoleStaff: ScopeAll},
	SuspendLAR:        {RoleStaff: ScopeAll},
	ViewConnections:   {RolePartner: ScopeOwn, RoleLAR: ScopeOwn, RoleStaff: ScopeAll},
	AskConnection:     {RolePartner: ScopeOwn},
	AnswerConnection:  {RoleLAR: ScopeOwn, RoleStaff: ScopeAll},
	RefuseConnections: {RoleLAR: ScopeOwn},
	EndConnections:    {RolePartner: ScopeOwn, RoleLAR: ScopeOwn},
	EditProfile:       {RolePartner: ScopeOwn},
	ViewDashboard:     {RoleLAR: ScopeOwn, RoleStaff: ScopeAll},
	ViewApplications:  {RoleStaff: ScopeAll},
	DecideApplication: {RoleStaff: ScopeAll},
	AskApplicant:      {RoleStaff: ScopeAll},
	AnswerApplication: {RoleApplicant: ScopeOwn},
	SendPersonalLink:  {RoleStaff: ScopeAll},
	ViewRoster:        {RoleStaff: ScopeAll},
	ImportRoster:      {RoleStaff: ScopeAll},
	LookUpRoster:      {RoleLAR: ScopeAll},
	ViewCustomers:     {RoleStaff: ScopeAll},
	ViewTeam:          {RolePartner: ScopeOwn, RoleLAR: ScopeOwn, RoleStaff: ScopeOwn},
	LeaveOwnTeam:      {RolePartner: ScopeOwn, RoleLAR: ScopeOwn, RoleStaff: ScopeOwn},
	EditTeam:          {RolePartner: ScopeOwn, RoleLAR: ScopeOwn, RoleStaff: ScopeAll},
	AnswerJoin:        {RolePartner: ScopeOwn},
	ViewMembers:       {RoleStaff: ScopeAll},
	EditMembers:       {RoleStaff: ScopeAll},
	ViewAs:            {RoleStaff: ScopeAll},
	ReadNotices:       {RolePartner: ScopeOwn, RoleLAR: ScopeOwn, RoleStaff: ScopeOwn},
	ViewAccount:       {RolePartner: ScopeOwn, RoleLAR: ScopeOwn, RoleStaff: ScopeOwn, RoleApplicant: ScopeOwn},
	EditAccount:       {RolePartner: ScopeOwn, RoleLAR: ScopeOwn, RoleStaff: ScopeOwn, RoleApplicant: ScopeOwn},
	EditCredentials:   {RolePartner: ScopeOwn, RoleLAR: ScopeOwn, RoleStaff: ScopeOwn, RoleApplicant: ScopeOwn},
	Register:          {"": ScopeOwn}, // by who is not signed in
	ViewJobs:          {RolePartner: ScopeOwn, RoleLAR: ScopeOwn, RoleStaff: ScopeOwn},
	ViewLedger:        {RoleStaff: ScopeAll},
	ViewActivity:      {RolePartner: ScopeOwn, RoleLAR: ScopeOwn, RoleStaff: ScopeOwn},
}

// governing lists the actions for which a member must govern the members of its
// organization: an owner of a partner or LAR, a program administrator of Microsoft.
var governing = map[Action]bool{EditTeam: true, AnswerJoin: true}

// administrators lists the actions for which a staff member must be a program
// administrator: LARs and members.
var administrators = map[Action]bool{EditLARs: true, SuspendLAR: true, EditMembers: true}

// viewed lists what staff may do that sees the portal as an organization does: it
// looks and changes nothing. Whatever is not in it, such as compensation, is closed.
var viewed = map[Action]bool{SignedIn: true, ViewHome: true, Search: true, ViewClaims: true, ViewDisputes: true, ViewAgreements: true, ViewInbox: true, ViewReports: true, ViewLARs: true,
	ViewPartners: true, ViewConnections: true, ViewDashboard: true, ViewTeam: true, ViewActivity: true, ViewJobs: true}

// Actor is a signed-in member together with the organization it works for.
// The zero Actor is nobody.
type Actor struct {
	MemberID string
	OrgID    string // id of the partner, LAR or application; "microsoft" for staff
	Role     Role
	Rank     Rank
	Name     string // display name of the member
	OrgName  string
	LAR      LARStatus // of its LAR, for a LAR's member
	Viewing  bool      // staff that sees the portal as OrgID does, and changes nothing

	NoSecondFactor bool // has to set one up before anything else
	Stale          bool // its last proof is older than ProofLife
}

// Staff is the organization id of Microsoft's members.
const Staff = "microsoft"

// Operator acts for the command line: it may do everything, and the ledger says so.
func Operator() Actor {
	return Actor{MemberID: "operator", OrgID: Staff, Role: RoleStaff, Rank: RankAdministrator, Name: "Operator", OrgName: "Command line"}
}

// Clockwork acts when nobody did in time, and the ledger says so.
func Clockwork() Actor {
	return Actor{MemberID: "clock", OrgID: "program", Name: "The program’s clock", OrgName: "The program"}
}

// Scope reports how far a may perform act.
func (a Actor) Scope(act Action) Scope {
	switch {
	case a.NoSecondFactor && !withoutSecond[act],
		administrators[act] && a.Rank != RankAdministrator,
		governing[act] && a.Rank != TopRank(a.Role),
		a.Viewing && !viewed[act]:
		return ScopeNone
	}
	if a.MemberID == "operator" && act == Operate {
		return ScopeAll
	}
	return policy[act][a.Role]
}

// May reports whether a may perform act on anything at all.
func (a Actor) May(act Action) bool { return act == Public || a.Scope(act) != ScopeNone }
