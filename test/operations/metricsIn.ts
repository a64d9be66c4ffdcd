/** A metric that a PromQL expression names, and the labels that it is asked for by. */
export type NamedMetric = { readonly name: string; readonly labels: readonly string[] };

const WORDS = new Set(
  [
    'and',
    'or',
    'unless',
    'on',
    'ignoring',
    'by',
    'without',
    'group_left',
    'group_right',
    'bool',
    'offset',
  ].concat(['inf', 'nan']),
);
/** Lists of labels, ranges, and strings hold no metric. */
const NO_METRICS = /\b(?:by|on|ignoring|without|group_left|group_right)\s*\([^)]*\)|\[[^\]]*\]/g;

/** Reads the metrics out of a PromQL expression of the kind that rules and dashboards here are written in. */
export function metricsIn(expression: string): NamedMetric[] {
  const text = expression.replace(NO_METRICS, ' ');
  const found: NamedMetric[] = [];
  for (const [, name = '', selector, call] of text.matchAll(
    /(?<![\w.])([a-zA-Z_:][\w:]*)\s*(\{[^}]*\})?\s*(\()?/g,
  )) {
    if (call !== undefined || WORDS.has(name.toLowerCase())) continue;
    const labels = [...(selector ?? '').matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(
      ([, label = '']) => label,
    );
    found.push({ name, labels });
  }
  return found;
}
