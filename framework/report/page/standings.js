// SPDX-License-Identifier: Apache-2.0
// Rules beside each other: how likely one does better, and how many runs reach any score.
const turned_verdict = {better: "worse", worse: "better"};

// Both directions of each pair: {rule, other, improvement, ahead, verdict, p}.
function standings() {
  const turn = ({share, low, high, n}) => ({share: 1 - share, low: 1 - high, high: 1 - low, n});
  return (data.summary.pairs || []).flatMap(pair => [
    {rule: pair.rule, other: pair.other, improvement: pair.improvement, ahead: pair.ahead, verdict: pair.verdict, p: pair.p_adjusted,
      needed: pair.seeds_needed},
    {rule: pair.other, other: pair.rule, improvement: turn(pair.improvement), ahead: turn(pair.ahead),
      verdict: turned_verdict[pair.verdict] || pair.verdict, p: pair.p_adjusted, needed: pair.seeds_needed}
  ]);
}

const share_text = ({share, low, high}) => `${share.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
const verdict_text = ({verdict, seeds_needed}) => (seeds_needed ? `${verdict}: at least ${seeds_needed}` : verdict);
const signs = {better: "+", worse: "\u2212", equivalent: "="};

function improvement_map(cells) {
  const shown = rules.filter(rule => cells.some(cell => cell.rule === rule));
  const number = rule => String(shown.indexOf(rule) + 1);
  const longest = d3.max(shown, rule => rule.length);
  const width = Math.min(width_for(1), 260 + 64 * shown.length), left = Math.min(220, 34 + 6.6 * longest, .52 * width);
  const side = (width - left - 8) / shown.length, height = 30 + shown.length * Math.min(44, Math.max(22, side));
  const label = rule => {
    const room = Math.floor((left - 34) / 6.6);
    return `${number(rule)} ${rule.length > room ? rule.slice(0, room - 1) + "\u2026" : rule}`;
  };
  const chart = Plot.plot({
    width, height, marginLeft: left, marginTop: 26, marginRight: 8, marginBottom: 4, style,
    x: {domain: shown, tickFormat: number, tickSize: 0, axis: "top", label: null, padding: .06},
    y: {domain: shown, tickFormat: label, tickSize: 0, label: null, padding: .06},
    color: {type: "linear", domain: [0, .5, 1], range: ["#e08214", "#f7f7f7", "#5e7fc4"], interpolate: "lab"},
    marks: [
      Plot.cell(cells, {x: "other", y: "rule", fill: cell => cell.improvement.share,
        title: cell => `${cell.rule} over ${cell.other}: ${share_text(cell.improvement)}, ${cell.verdict}`}),
      ...(side < 26 ? [] : [true, false].map(is_told => Plot.text(cells.filter(cell => Boolean(signs[cell.verdict]) === is_told),
        {x: "other", y: "rule", fontSize: 11, fill: "black", fontWeight: is_told ? 700 : 400,
          text: cell => cell.improvement.share.toFixed(2) + (side < 40 ? "" : "\u2009" + (signs[cell.verdict] || ""))})))
    ]
  });
  const made = figure("Chance that a run of the row does better than one of the column", chart,
    "Blue: the row mostly does better; orange: the column. Bold: told apart, + better, \u2212 worse, = equivalent. Columns have the numbers of the rows.");
  return with_data(made, ["rule", "other", "chance to do better", "pairs ahead", "p", "verdict"], cells.map(cell =>
    [cell.rule, cell.other, share_text(cell.improvement), share_text(cell.ahead),
      typeof cell.p === "number" ? (cell.p < .001 ? "< 0.001" : cell.p.toFixed(3)) : "\u2013",
      verdict_text({verdict: cell.verdict, seeds_needed: cell.needed})]));
}

// Points of a line of steps, out to both ends of the scores.
function profile_points(profile, low, high, is_lower_better) {
  const points = profile.steps.map(([score, share, from, to]) => ({rule: profile.rule, score: scaled(data.profiles.metric, score), share, low: from, high: to}));
  const end = score => ({rule: profile.rule, score, share: 1, low: 1, high: 1});
  return is_lower_better ? [...points, end(high)] : [end(low), ...points];
}

function performance_profiles() {
  const {metric, of, is_lower_better} = data.profiles;
  const scores = of.flatMap(profile => profile.steps.map(([score]) => scaled(metric, score)));
  const [low, high] = d3.extent(scores), margin = (high - low) * .03 || Math.abs(high) * .01 || 1;
  const curve = is_lower_better ? "step-before" : "step-after";
  const lines = of.map(profile => profile_points(profile, low - margin, high + margin, is_lower_better));
  const chart = Plot.plot({
    width: width_for(1), height: 300, marginLeft: 48, marginRight: 12, style,
    x: {label: title_of(metric) + unit_of(metric), ticks: 6, domain: [low - margin, high + margin]},
    y: {label: null, grid: true, percent: true, domain: [0, 100], ticks: 5},
    marks: [
      ...lines.flatMap(line => [
        Plot.areaY(line, {x: "score", y1: "low", y2: "high", curve, fill: colour_of(line[0].rule), fillOpacity: .1}),
        Plot.lineY(line, {x: "score", y: "share", curve, stroke: colour_of(line[0].rule), strokeWidth: 2, strokeDasharray: dash_of(line[0].rule)})
      ]),
      Plot.tip(lines.flat(), Plot.pointerX({x: "score", y: "share",
        title: p => `${p.rule}: ${significant(100 * p.share, 3)} % beyond ${significant(p.score, 4)}`}))
    ]
  });
  const made = figure(`Runs with a ${title_of(metric)} ${is_lower_better ? "below" : "above"} that on the axis, %`, chart,
    "A performance profile: a line further " + (is_lower_better ? "left" : "right") + " is better, a steeper one more even from seed to seed. Bands: 95 % at each score (Wilson).");
  return with_data(made, ["rule", title_of(metric), "runs beyond, %", "2.5 %", "97.5 %"], of.flatMap(profile => profile.steps.map(step =>
    [profile.rule, format(metric, step[0]), ...step.slice(1).map(share => (100 * share).toFixed(0))])));
}

function standings_section() {
  const cells = standings();
  const parts = [cells.length > 0 ? improvement_map(cells) : null, data.profiles.of.length > 0 ? performance_profiles() : null].filter(part => part);
  if (parts.length === 0) return;
  const tests = (data.summary.pairs || []).filter(pair => typeof pair.p === "number").length;
  section("standings", "Which rule does better, and how surely",
    `Each rule beside each other one in ${title_of(test_metric)}, whatever the seeds of the two runs` +
      (tests > 0 ? `; verdicts are of paired seeds, with p adjusted for ${tests} pairs of rules (Holm).` : "; there are too few seeds for a test."),
    legend(), ...parts);
}
