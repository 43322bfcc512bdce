package influence

import (
	"fmt"
	"strings"
)

// MapAdvice says what stands in the way of reading a report's columns, and what
// to add to the command line: a --map for each column that was not found, and
// for each heading too many. remembered goes by folded headings.
func MapAdvice(headings []string, remembered map[string]string) string {
	m, problems := MapHeadings(headings, remembered)
	if len(problems) == 0 {
		return ""
	}
	var flags, free []string
	meant := map[string][]string{}
	for i, heading := range headings {
		if column, used := m[i]; used {
			meant[column] = append(meant[column], heading)
		} else if strings.TrimSpace(heading) != "" {
			free = append(free, quoted(heading))
		}
	}
	for _, c := range reportColumns {
		switch n := len(meant[c.Name]); {
		case n == 0 && c.Required:
			flags = append(flags, fmt.Sprintf(`--map "YOUR HEADING=%s"`, c.Name))
		case n > 1:
			for _, heading := range meant[c.Name][1:] {
				flags = append(flags, fmt.Sprintf(`--map "%s=%s"`, line(heading), NotUsed))
			}
		}
	}
	advice := strings.Join(problems, " ") + " Say what the headings mean with " + strings.Join(flags, " ") + "."
	if len(free) > 0 {
		advice += " Headings without a column: " + strings.Join(free, ", ") + "."
	}
	return advice
}
