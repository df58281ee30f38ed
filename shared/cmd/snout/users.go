package main

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"text/tabwriter"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/spf13/cobra"

	"snout/shared/routing"
)

// pool is a stage's user pool. Who somebody is stands in attributes that only this
// command (and whoever else has the account) can write.
type pool struct {
	id, region, profile, endpoint string
}

func (p *pool) client(ctx context.Context) (*cognitoidentityprovider.Client, error) {
	if p.id == "" {
		return nil, errors.New("name the user pool: --pool, the stack's output UserPoolId")
	}
	opts := []func(*config.LoadOptions) error{config.WithSharedConfigProfile(p.profile)}
	if p.region != "" {
		opts = append(opts, config.WithRegion(p.region))
	}
	if p.endpoint != "" {
		opts = append(opts, config.WithBaseEndpoint(p.endpoint))
	}
	cfg, err := account(ctx, opts...)
	if err != nil {
		return nil, err
	}
	return cognitoidentityprovider.NewFromConfig(cfg), nil
}

func usersCommand() *cobra.Command {
	p := &pool{}
	c := &cobra.Command{
		Use: "users", Short: "Invite people, show who can sign in, and take it away",
		Example: "  snout users add --pool us-east-1_abc --org paws --role owner --email olivia@example.com --name 'Olivia Park'\n" +
			"  snout users add --pool us-east-1_abc --org paws --role sitter --sitter sitter-1 --email sam@example.com --name 'Sam Patel'\n" +
			"  snout users list --pool us-east-1_abc --org paws\n  snout users remove --pool us-east-1_abc --email sam@example.com",
	}
	f := c.PersistentFlags()
	f.StringVar(&p.id, "pool", "", "id of the user pool (the stack's output UserPoolId)")
	f.StringVar(&p.region, "region", "", "AWS region (default: the environment's)")
	f.StringVar(&p.profile, "profile", "", "AWS profile (default: the environment's)")
	f.StringVar(&p.endpoint, "endpoint", "", "another address of the identity service")
	c.AddCommand(usersAdd(p), usersList(p), usersRemove(p))
	return c
}

// invited is somebody to be let in.
type invited struct{ email, name, org, role, sitter string }

// attributes are what the pool keeps, or the first fault.
func (i invited) attributes() ([]types.AttributeType, error) {
	a, err := mail.ParseAddress(i.email)
	if err != nil || a.Address != i.email {
		return nil, fmt.Errorf("%q is no e-mail address", i.email)
	}
	own := [][2]string{{"email", i.email}, {"email_verified", "true"}}
	if i.name != "" {
		own = append(own, [2]string{"name", i.name})
	}
	switch i.role {
	case "owner", "sitter":
		if _, err := routing.ParseOrgID(i.org); err != nil {
			return nil, fmt.Errorf("an %s needs the business's id: --org", i.role)
		}
		own = append(own, [2]string{"custom:org", i.org}, [2]string{"custom:role", i.role})
	case "ops":
		if i.org != "" {
			return nil, errors.New("ops belong to no business: leave --org out")
		}
		own = append(own, [2]string{"custom:ops", "true"})
	default:
		return nil, fmt.Errorf("--role is %q: owner, sitter or ops", i.role)
	}
	switch _, err := routing.ParseSitterID(i.sitter); {
	case i.role == "sitter" && err != nil:
		return nil, errors.New("a sitter needs the id of GET /api/sitters: --sitter")
	case i.role == "sitter":
		own = append(own, [2]string{"custom:sitter", i.sitter})
	case i.sitter != "":
		return nil, errors.New("--sitter is for sitters only")
	}
	var as []types.AttributeType
	for _, x := range own {
		as = append(as, types.AttributeType{Name: aws.String(x[0]), Value: aws.String(x[1])})
	}
	return as, nil
}

func usersAdd(p *pool) *cobra.Command {
	var i invited
	c := &cobra.Command{
		Use: "add", Short: "Invite somebody by e-mail; they choose their password at the first sign-in", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			as, err := i.attributes()
			if err != nil {
				return err
			}
			client, err := p.client(cmd.Context())
			if err != nil {
				return err
			}
			_, err = client.AdminCreateUser(cmd.Context(), &cognitoidentityprovider.AdminCreateUserInput{
				UserPoolId: &p.id, Username: &i.email, UserAttributes: as, DesiredDeliveryMediums: []types.DeliveryMediumType{types.DeliveryMediumTypeEmail},
			})
			var there *types.UsernameExistsException
			if errors.As(err, &there) {
				return fmt.Errorf("%s can sign in already; remove them first to change who they are", i.email)
			}
			if err != nil {
				return fmt.Errorf("invite: %w", err)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "invited %s as %s\n", i.email, i.role)
			return nil
		},
	}
	f := c.Flags()
	f.StringVar(&i.email, "email", "", "where the invitation goes, and the name to sign in with")
	f.StringVar(&i.name, "name", "", "name as colleagues see it")
	f.StringVar(&i.org, "org", "", "id of the business")
	f.StringVar(&i.role, "role", "", "owner, sitter or ops")
	f.StringVar(&i.sitter, "sitter", "", "a sitter's id")
	return c
}

func usersList(p *pool) *cobra.Command {
	var org string
	c := &cobra.Command{
		Use: "list", Short: "Show who can sign in, and as what", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			client, err := p.client(cmd.Context())
			if err != nil {
				return err
			}
			out := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			fmt.Fprintln(out, "E-MAIL\tROLE\tORG\tSITTER\tSTATE")
			pages := cognitoidentityprovider.NewListUsersPaginator(client, &cognitoidentityprovider.ListUsersInput{UserPoolId: &p.id})
			for pages.HasMorePages() {
				page, err := pages.NextPage(cmd.Context())
				if err != nil {
					return fmt.Errorf("list: %w", err)
				}
				for _, u := range page.Users {
					own := map[string]string{}
					for _, a := range u.Attributes {
						own[aws.ToString(a.Name)] = aws.ToString(a.Value)
					}
					if org != "" && own["custom:org"] != org { // the service cannot filter by attributes of ours
						continue
					}
					role := own["custom:role"]
					if own["custom:ops"] == "true" {
						role += "+ops"
					}
					state := string(u.UserStatus)
					if !u.Enabled {
						state = "disabled"
					}
					fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\n", own["email"], role, own["custom:org"], own["custom:sitter"], state)
				}
			}
			return out.Flush()
		},
	}
	c.Flags().StringVar(&org, "org", "", "only people of this business")
	return c
}

func usersRemove(p *pool) *cobra.Command {
	var email string
	c := &cobra.Command{
		Use: "remove", Short: "End somebody's sessions and take their sign-in away", Args: cobra.NoArgs,
		Long: "End somebody's sessions and take their sign-in away.\n\nA token that the page already holds is good for up to an hour more: API Gateway does not ask the pool.\n" +
			"A sitter who must be out at once is offboarded as well (POST /api/sitters/{id}/offboard), which closes their windows.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if email == "" {
				return errors.New("name who: --email")
			}
			client, err := p.client(cmd.Context())
			if err != nil {
				return err
			}
			// Sessions first: a deleted person's refresh tokens could no longer be named.
			if _, err := client.AdminUserGlobalSignOut(cmd.Context(), &cognitoidentityprovider.AdminUserGlobalSignOutInput{UserPoolId: &p.id, Username: &email}); err != nil {
				return fmt.Errorf("sign out: %w", err)
			}
			if _, err := client.AdminDeleteUser(cmd.Context(), &cognitoidentityprovider.AdminDeleteUserInput{UserPoolId: &p.id, Username: &email}); err != nil {
				return fmt.Errorf("remove: %w", err)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "removed %s; a token already handed out ends within the hour\n", email)
			return nil
		},
	}
	c.Flags().StringVar(&email, "email", "", "who")
	return c
}
