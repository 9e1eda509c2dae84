/** Labels of a sample, in the order of the metric's label names. */
export type LabelValues = readonly string[];

/** Something that Prometheus scrapes. */
export interface Metric {
  /** Lines of the text format, each with a line end. */
  render(): string;
}

/** Identifies a combination of label values; most metrics have one label. */
export function keyOf(values: LabelValues): string {
  return values.length === 1 ? values[0]! : values.join('\n');
}

/** Formats the name and labels of a sample, as in `requests_total{route="/embed"}`. */
export function sampleName(name: string, labels: readonly string[], values: LabelValues): string {
  if (labels.length === 0) return name;
  return `${name}{${labels.map((label, i) => `${label}="${escaped(values[i] ?? '')}"`).join(',')}}`;
}

/** Header lines of a metric. */
export function header(name: string, type: 'counter' | 'gauge' | 'histogram', help: string): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
