package store

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
)

// commitment stands in an entry of the ledger for what must be erasable: a name,
// an address, a phone number. It is a hash under the person's own key.
type commitment struct {
	Committed string `json:"committed"`
}

// personRecord is what the ledger keeps of a person.
type personRecord struct {
	Name  *commitment `json:"name,omitempty"`
	Email *commitment `json:"email,omitempty"`
	Phone *commitment `json:"phone,omitempty"`
}

// person commits to what the ledger is to say of one person.
type person struct {
	t   *tx
	id  string
	key []byte
}

// person is the member with an id, whose key is made when it is first needed.
func (t *tx) person(memberID string) (p person, err error) {
	if t.loading != nil { // everybody is new
		return t.newPerson(memberID)
	}
	fresh := newPersonKey()
	if _, err := t.exec(`INSERT INTO persons (id, key) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING`, memberID, hex.EncodeToString(fresh)); err != nil {
		return p, err
	}
	var key string
	if err := t.row(`SELECT key FROM persons WHERE id = $1`, memberID).Scan(&key); err != nil {
		return p, err
	}
	p = person{t: t, id: memberID}
	p.key, err = hex.DecodeString(key)
	return p, err
}

func (t *tx) newPerson(memberID string) (person, error) {
	p := person{t, memberID, newPersonKey()}
	return p, t.later(`INSERT INTO persons (id, key) VALUES ($1, $2)`, p.id, hex.EncodeToString(p.key))
}

func newPersonKey() []byte {
	key := make([]byte, 32)
	rand.Read(key)
	return key
}

// commit commits to a value of a field, and keeps the value beside the ledger. It
// returns nil for an empty value.
func (p person) commit(field, value string) (*commitment, error) {
	if value == "" {
		return nil, nil
	}
	mac := hmac.New(sha256.New, p.key)
	mac.Write([]byte(field + "\x00" + value))
	c := commitment{hex.EncodeToString(mac.Sum(nil))}
	return &c, p.t.later(`INSERT INTO personal (commitment, person_id, field, value) VALUES ($1, $2, $3, $4) ON CONFLICT (commitment) DO NOTHING`,
		c.Committed, p.id, field, value)
}

// recordPerson is what an entry says of a member.
func (t *tx) recordPerson(memberID, name, email, phone string) (r personRecord, err error) {
	p, err := t.person(memberID)
	if err != nil {
		return r, err
	}
	if r.Name, err = p.commit("name", name); err != nil {
		return r, err
	}
	if r.Email, err = p.commit("email", email); err != nil {
		return r, err
	}
	r.Phone, err = p.commit("phone", phone)
	return r, err
}

// recordEmails is what an entry says of a new address of a member.
func (t *tx) recordEmails(memberID, old, fresh string) (was, became personRecord, err error) {
	p, err := t.person(memberID)
	if err != nil {
		return was, became, err
	}
	if was.Email, err = p.commit("email", old); err != nil {
		return was, became, err
	}
	became.Email, err = p.commit("email", fresh)
	return was, became, err
}

func (t *tx) recordMember(m member) (memberRecord, error) {
	p, err := t.recordPerson(m.ID, m.Name, m.Email, m.Phone)
	return memberRecord{p, m.OrgID, m.Rank, m.state(), ""}, err
}

func (t *tx) recordApplicant(a application) (applicationRecord, error) {
	p, err := t.recordPerson(a.MemberID, a.Name, a.Email, a.Phone)
	return applicationRecord{personRecord: p, Company: a.Company, PartnerNo: a.PartnerNo, State: a.State}, err
}
