package main

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"
	"time"

	"snout/shared/rollout"
)

// chart is one line over a step's watch, as a small drawing.
type chart struct {
	Title       string
	Points      string
	First, Last int
	Low, High   int
}

const chartWidth, chartHeight = 220.0, 48.0

func charts(samples []rollout.Sample) []chart {
	lines := []struct {
		title string
		of    func(rollout.Sample) int
	}{
		{"threads", func(s rollout.Sample) int { return s.Threads }},
		{"owner inbox, operational", func(s rollout.Sample) int { return s.Operational }},
		{"owner inbox", func(s rollout.Sample) int { return s.Inbox }},
		{"windows active or upcoming", func(s rollout.Sample) int { return s.Windows }},
		{"no active window", func(s rollout.Sample) int { return s.NoWindow }},
		{"delivered", func(s rollout.Sample) int { return s.Delivered }},
		{"failed", func(s rollout.Sample) int { return s.Failed }},
		{"held", func(s rollout.Sample) int { return s.Held }},
	}
	var cs []chart
	if len(samples) == 0 {
		return nil
	}
	for _, l := range lines {
		c := chart{Title: l.title, First: l.of(samples[0]), Last: l.of(samples[len(samples)-1]), Low: l.of(samples[0]), High: l.of(samples[0])}
		for _, s := range samples {
			c.Low, c.High = min(c.Low, l.of(s)), max(c.High, l.of(s))
		}
		var b strings.Builder
		for i, s := range samples {
			x, y := chartWidth/2, chartHeight/2
			if len(samples) > 1 {
				x = chartWidth * float64(i) / float64(len(samples)-1)
			}
			if c.High > c.Low {
				y = chartHeight - 4 - (chartHeight-8)*float64(l.of(s)-c.Low)/float64(c.High-c.Low)
			}
			fmt.Fprintf(&b, "%.1f,%.1f ", x, y)
		}
		c.Points = strings.TrimSpace(b.String())
		cs = append(cs, c)
	}
	return cs
}

type reportStep struct {
	*rollout.StepRecord
	Title  string
	Charts []chart
}

// reportHTML is the report as one page that needs nothing else.
func reportHTML(s *rollout.State) ([]byte, error) {
	page := struct {
		*rollout.State
		Parts []reportStep
	}{State: s}
	for _, st := range rollout.Steps() {
		if rec := s.Step(st.Number); rec.Status != rollout.StepNew {
			page.Parts = append(page.Parts, reportStep{rec, st.Title, charts(rec.Samples)})
		}
	}
	t, err := template.New("report").Funcs(template.FuncMap{"at": func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format("2006-01-02 15:04:05 MST")
	}}).Parse(reportPage)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, page); err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	return b.Bytes(), nil
}

const reportPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Rollout of {{.Target}}</title>
<style>
:root { color-scheme: light dark; --line: #8886; --good: #2a7d46; --bad: #c0392b; --eyes: #9a6b00; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; border-top: 1px solid var(--line); padding-top: 1rem; }
li { margin: .25rem 0; } ul.boxes { list-style: none; padding: 0; }
.passed > summary::before { content: "✓ "; color: var(--good); } .failed > summary::before { content: "✗ "; color: var(--bad); } .person > summary::before { content: "👁 "; color: var(--eyes); }
.failed > summary { font-weight: 600; color: var(--bad); }
code { font-size: .85em; opacity: .8; } dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: .3rem 0 .6rem 1.2rem; font-size: .85rem; } dt { opacity: .7; } dd { margin: 0; overflow-wrap: anywhere; }
.charts { display: flex; flex-wrap: wrap; gap: 1rem; } figure { margin: 0; } figcaption { font-size: .8rem; }
svg { display: block; border: 1px solid var(--line); border-radius: 4px; } polyline { fill: none; stroke: currentColor; stroke-width: 1.5; }
.verdict { font-size: 1.1rem; font-weight: 600; } .back { border-left: 4px solid var(--bad); padding-left: 1rem; }
@media print { details > * { display: block; } }
</style>
<h1>Rollout of {{.Target}}</h1>
<p>Stage {{.Stage}}{{with .Org}}, org {{.}}{{end}}.</p>
{{range .Parts}}
<section>
<h2>Step {{.Number}}: {{.Title}}</h2>
<p>{{.Status}}{{if not .WatchFrom.IsZero}}, watched from {{at .WatchFrom}} with {{len .Samples}} looks{{end}}</p>
<ul class="boxes">
{{range .Ordered}}<li><details class="{{.Outcome}}"{{if eq .Outcome "failed"}} open{{end}}><summary>{{.Text}} <code>{{.ID}}</code></summary>
<dl><dt>said</dt><dd>{{.Said}}</dd>{{range .Evidence}}<dt>{{.Name}}</dt><dd>{{.Value}}</dd>{{end}}</dl></details></li>
{{end}}</ul>
{{with .Rollback}}<div class="back"><p><strong>Rollback</strong> at {{at .At}} because of {{.Why}}</p><p>{{.Said}}</p><dl>{{range .Evidence}}<dt>{{.Name}}</dt><dd>{{.Value}}</dd>{{end}}</dl></div>{{end}}
{{if .Charts}}<div class="charts">{{range .Charts}}<figure><svg width="220" height="48" viewBox="0 0 220 48" role="img" aria-label="{{.Title}}: {{.First}} at first, {{.Last}} at last, between {{.Low}} and {{.High}}"><polyline points="{{.Points}}"/></svg><figcaption>{{.Title}}: {{.First}} → {{.Last}}</figcaption></figure>{{end}}</div>{{end}}
{{if and (eq .Number 2) $.Report}}<div><h3>Report After Step 2</h3><p class="verdict">{{$.Report.Verdict}}</p><dl>{{range $.Report.Expected}}<dt>{{.Name}}</dt><dd>{{.Value}}</dd>{{end}}</dl>
<p>{{with $.Report.Accepted}}Accepted by {{.Name}}{{if .Beforehand}}, given beforehand{{else}} at {{at .At}}{{end}}.{{else}}Accepted by nobody yet.{{end}}</p></div>{{end}}
</section>
{{end}}
<h2>What was written</h2>
<dl>{{range .Writes}}<dt>{{at .At}}</dt><dd>step {{.Step}}, {{.Where}}: {{.Text}}</dd>{{end}}</dl>
</html>
`
