package main

import (
	"errors"
	"fmt"
	"strings"

	"irm/influence"
	"irm/store"

	"github.com/spf13/cobra"
)

func memberCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "member", Short: "People who sign in"}
	add := &cobra.Command{Use: "add --role ROLE --email ADDRESS", Short: "Add a member and print a one-time link", Args: cobra.NoArgs,
		Long: "add prints a link with which the member chooses a password. The first member of an organization is its owner."}
	f := add.Flags()
	role := f.String("role", "", "administrator, manager, lar or partner")
	email := f.String("email", "", "work e-mail address")
	name := f.String("name", "", "name; the address's first part if left out")
	lar := f.String("lar", "", "slug of the LAR, for --role lar")
	partner := f.String("partner", "", "partner ID, for --role partner")
	base := f.String("base-url", "http://127.0.0.1:8080", "where people reach the portal")
	add.RunE = func(cmd *cobra.Command, _ []string) error {
		n := store.NewMember{Kind: *role, Email: *email, Name: *name, LARSlug: *lar, PartnerNo: *partner}
		if err := checkMember(n); err != nil {
			return err
		}
		if n.Name == "" {
			n.Name, _, _ = strings.Cut(n.Email, "@")
		}
		s, err := open(cmd)
		if err != nil {
			return err
		}
		defer s.Close()
		return data(sealed(cmd.Context(), s, func() error {
			token, err := s.As(influence.Operator()).AddMember(cmd.Context(), n)
			if err == nil {
				fmt.Fprintf(cmd.OutOrStdout(), "%s/invite/%s\n", strings.TrimSuffix(*base, "/"), token)
			}
			return err
		}))
	}
	cmd.AddCommand(add)
	return cmd
}

func checkMember(n store.NewMember) error {
	switch {
	case n.Email == "":
		return errors.New("a member needs an --email")
	case n.Kind == "lar" && n.LARSlug == "":
		return errors.New("say of which LAR with --lar SLUG")
	case n.Kind == "partner" && n.PartnerNo == "":
		return errors.New("say of which partner with --partner ID")
	case n.Kind != "administrator" && n.Kind != "manager" && n.Kind != "lar" && n.Kind != "partner":
		return fmt.Errorf("--role is administrator, manager, lar or partner, not %q", n.Kind)
	}
	return nil
}
