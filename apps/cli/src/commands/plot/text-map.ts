import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { excerpt } from '../../terminal/terminal.js';
import type { Place } from './plane-layout.js';
import { NONE, OTHER, type PointColors } from './point-colors.js';

/** A map of texts, ready to draw. */
export interface TextMap {
  readonly title: string;
  readonly texts: readonly string[];
  readonly places: readonly Place[];
  readonly colors: PointColors;
}

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 960;
const HEIGHT = 720;
const MARGIN = 24;
const TITLE_HEIGHT = 28;
const LEGEND_WIDTH = 230;
const LINE_HEIGHT = 20;
/** Most characters of a text shown at its point, of a label in the legend, and of the title. */
const SHOWN = { text: 240, label: 22, title: 100 };
/** A grey that is visible on white and black, for points without a label. */
const GREY = '#8b929c';
/** Colour of points in a map with a single colour. */
const BLUE = '#4269d0';
/** Steps of a range in the legend. */
const STEPS = 5;

const STYLE = `
.m2v-map { color: #1b1f24; background: #fff; --plot-background: #fff; }
@media (prefers-color-scheme: dark) { .m2v-map { color: #e6e8ea; background: #16191d; --plot-background: #16191d; } }
`;

/** A place and everything drawn there. */
interface Point extends Place {
  readonly title: string;
  readonly color: string | number | undefined;
}

/** Draws a map as an SVG document. */
export function drawTextMap(map: TextMap): string {
  // A new document each time, because drawing adds to it.
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const points = pointsOf(map);
  const legend = map.colors.kind === 'none' ? [] : legendOf(map.colors, points);
  const marginRight = legend.length > 0 ? LEGEND_WIDTH : MARGIN;
  const scales = domains(map.places, WIDTH - MARGIN - marginRight, HEIGHT - 2 * MARGIN - TITLE_HEIGHT);
  const svg = Plot.plot({
    document: document as unknown as Document,
    className: 'm2v-map',
    width: WIDTH,
    height: HEIGHT,
    marginTop: MARGIN + TITLE_HEIGHT,
    marginBottom: MARGIN,
    marginLeft: MARGIN,
    marginRight,
    axis: null,
    ...scales,
    ...(map.colors.kind === 'labels' && {
      color: {
        type: 'categorical' as const,
        domain: named(map.colors.labels),
        scheme: 'observable10' as const,
      },
    }),
    ...(map.colors.kind === 'numbers' && { color: { type: 'linear' as const, scheme: 'viridis' as const } }),
    marks: [
      Plot.text([shown(map.title, SHOWN.title)], {
        frameAnchor: 'top-left',
        dy: -TITLE_HEIGHT,
        fontSize: 15,
        fontWeight: 'bold',
      }),
      ...dots(points, { x: 'x', y: 'y', title: 'title', r: radius(points.length), fillOpacity: 0.75 }),
      ...legend,
    ],
  });
  svg.setAttribute('xmlns', SVG);
  svg.setAttribute('role', 'img');
  const element = (name: string, text: string): Node => {
    const made = document.createElementNS(SVG, name);
    made.textContent = text;
    return made as unknown as Node;
  };
  // An element, because a text attribute would be serialised as HTML, which is not always valid XML.
  svg.prepend(element('title', shown(map.title, SHOWN.title)));
  svg.append(element('style', STYLE));
  return `${svg.outerHTML}\n`;
}

function pointsOf({ texts, places, colors }: TextMap): Point[] {
  return places.map(({ x, y }, i) => {
    const color = colors.kind === 'none' ? undefined : colors.of[i];
    const text = shown(texts[i]!, SHOWN.text);
    return {
      x,
      y,
      title: color === undefined ? text : `${text}\n${shown(String(color), SHOWN.label)}`,
      color,
    };
  });
}

/** Removes characters that XML cannot contain. */
function shown(text: string, width: number): string {
  return excerpt(text, width).replace(/[\ufffe\uffff]/g, '\ufffd');
}

/** Points with a colour of the scale, drawn above those without. */
function dots(points: readonly Point[], options: Plot.DotOptions): Plot.Markish[] {
  const plain = points.filter(({ color }) => isPlain(color));
  const colored = points.filter(({ color }) => !isPlain(color));
  return [
    ...(plain.length > 0
      ? [
          Plot.dot(plain, {
            ...options,
            fill: points.every(({ color }) => color === undefined) ? BLUE : GREY,
          }),
        ]
      : []),
    ...(colored.length > 0 ? [Plot.dot(colored, { ...options, fill: 'color' })] : []),
  ];
}

function isPlain(color: Point['color']): boolean {
  return color === undefined || color === OTHER || color === NONE;
}

function named(labels: readonly string[]): string[] {
  return labels.filter((label) => !isPlain(label));
}

/** Lines on the right, drawn as marks because a picture cannot contain the HTML of the library's legend. */
function legendOf(colors: Exclude<PointColors, { kind: 'none' }>, points: readonly Point[]): Plot.Markish[] {
  const entries =
    colors.kind === 'labels'
      ? colors.labels.map((label) => ({ color: label, label }))
      : steps(colors.of).map((color) => ({ color, label: rounded(color) }));
  return entries.flatMap(({ color, label }, i) => {
    const count =
      colors.kind === 'labels' ? points.filter((point) => point.color === color).length : undefined;
    const dy = i * LINE_HEIGHT;
    const place = { frameAnchor: 'top-right', dy } as const;
    const text = `${shown(label, SHOWN.label)}${count === undefined ? '' : ` (${count})`}`;
    return [
      ...dots([{ x: 0, y: 0, title: label, color }], { ...place, dx: 18, r: 5 }),
      Plot.text([text], { ...place, dx: 30, dy: dy - 4, textAnchor: 'start', fontSize: 12 }),
    ];
  });
}

function steps(values: readonly (number | undefined)[]): number[] {
  const numbers = values.filter((value) => value !== undefined);
  const least = numbers.reduce((a, b) => Math.min(a, b));
  const most = numbers.reduce((a, b) => Math.max(a, b));
  return Array.from({ length: STEPS }, (_, i) => most - ((most - least) * i) / (STEPS - 1));
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** Domains with the same scale on both axes. */
function domains(places: readonly Place[], width: number, height: number): Pick<Plot.PlotOptions, 'x' | 'y'> {
  const x = extent(places.map((place) => place.x));
  const y = extent(places.map((place) => place.y));
  const unit = Math.max((x.most - x.least) / width, (y.most - y.least) / height) || 1;
  const around = ({ least, most }: Extent, pixels: number): { domain: [number, number] } => {
    const middle = (least + most) / 2;
    const half = (unit * pixels) / 2;
    return { domain: [middle - half, middle + half] };
  };
  return { x: around(x, width), y: around(y, height) };
}

interface Extent {
  readonly least: number;
  readonly most: number;
}

function extent(values: readonly number[]): Extent {
  return {
    least: values.reduce((a, b) => Math.min(a, b)),
    most: values.reduce((a, b) => Math.max(a, b)),
  };
}

/** Radius of a point; smaller if there are many. */
function radius(count: number): number {
  return count > 3000 ? 1.8 : count > 500 ? 2.6 : 4;
}
