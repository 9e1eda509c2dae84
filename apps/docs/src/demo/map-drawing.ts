import type { MapPoints } from './text-map.js';

/** Points in a square from 0 to 1. */
export interface MapFrame {
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/** What stands out. */
export interface MapLight {
  /** Likeness of each text to the query. */
  readonly scores: Float32Array | undefined;
  /** Texts that were found. */
  readonly best: ReadonlySet<number>;
  /** The point that is pointed at. */
  readonly picked: number | undefined;
}

const MARGIN = 0.04;

/** A few points that lie far out would press all others together, so the outermost of a thousand stand at the border. */
const OUTERMOST = 0.0005;

/** Points stretched over the square. */
export function mapFrame({ points }: MapPoints): MapFrame {
  return { x: stretched(points, 0), y: stretched(points, 1) };
}

function stretched(points: Float32Array, at: number): Float32Array {
  const values = points.filter((_, i) => i % 2 === at);
  const sorted = values.toSorted();
  const low = sorted[Math.floor(sorted.length * OUTERMOST)] ?? 0;
  const high = sorted[Math.ceil(sorted.length * (1 - OUTERMOST)) - 1] ?? 1;
  const span = high - low || 1;
  return values.map((value) => {
    const share = Math.max(0, Math.min(1, (value - low) / span));
    return MARGIN + share * (1 - 2 * MARGIN);
  });
}

/** The point that is nearest to a place, or `undefined` where none is near. */
export function nearestPoint({ x, y }: MapFrame, atX: number, atY: number): number | undefined {
  let nearest: number | undefined;
  let least = 0.04 ** 2;
  for (let i = 0; i < x.length; i++) {
    const distance = (x[i]! - atX) ** 2 + (y[i]! - atY) ** 2;
    if (distance < least) {
      least = distance;
      nearest = i;
    }
  }
  return nearest;
}

/** The next point in a direction: one that is near, and not far to the side. The middle's where none is picked. */
export function nextPoint(
  { x, y }: MapFrame,
  from: number | undefined,
  [right, down]: readonly [number, number],
): number | undefined {
  const [startX, startY] = from === undefined ? [0.5, 0.5] : [x[from]!, y[from]!];
  let next = from;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < x.length; i++) {
    if (i === from) continue;
    const [aside, ahead] = [
      Math.abs((x[i]! - startX) * down + (y[i]! - startY) * right),
      (x[i]! - startX) * right + (y[i]! - startY) * down,
    ];
    if (from !== undefined && ahead <= 0.004) continue;
    const distance = Math.abs(ahead) + 3 * aside;
    if (distance < least) {
      least = distance;
      next = i;
    }
  }
  return next;
}

/** Draws the points in the colours of the page. */
export function drawMap(
  canvas: HTMLCanvasElement,
  { x, y }: MapFrame,
  { indices }: MapPoints,
  { scores, best, picked }: MapLight,
): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const scale = window.devicePixelRatio || 1;
  const { width, height } = canvas.getBoundingClientRect();
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  context.scale(scale, scale);
  const style = getComputedStyle(canvas);
  const [quiet, near, hit, text] = ['--map-quiet', '--map-near', '--map-hit', '--vp-c-text-1'].map((name) =>
    style.getPropertyValue(name),
  );
  const dot = (i: number, radius: number) => {
    context.beginPath();
    context.arc(x[i]! * width, y[i]! * height, radius, 0, 2 * Math.PI);
    context.fill();
  };
  // Faint first, so that what matters lies on top.
  context.fillStyle = quiet!;
  for (let i = 0; i < x.length; i++) dot(i, 1.3);
  if (scores !== undefined) {
    context.fillStyle = near!;
    for (let i = 0; i < x.length; i++) {
      const score = scores[indices[i]!]!;
      if (score < 0.25) continue;
      context.globalAlpha = Math.min(1, (score - 0.15) * 1.6);
      dot(i, 1.3 + score * 4);
    }
    context.globalAlpha = 1;
  }
  context.fillStyle = hit!;
  for (let i = 0; i < x.length; i++) if (best.has(indices[i]!)) dot(i, 5);
  if (picked !== undefined) {
    context.strokeStyle = text!;
    context.lineWidth = 2;
    context.beginPath();
    context.arc(x[picked]! * width, y[picked]! * height, 8, 0, 2 * Math.PI);
    context.stroke();
  }
}
