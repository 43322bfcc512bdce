package web

import "irm/influence"

// home is the first page of each role.
func (s *server) home(r *request) error {
	switch r.actor.Role {
	case influence.RolePartner:
		return s.partnerHome(r)
	case influence.RoleLAR:
		return s.inbox(r)
	case influence.RoleStaff:
		return s.dashboard(r)
	case influence.RoleApplicant:
		return s.ownApplication(r)
	}
	return s.front(r)
}
