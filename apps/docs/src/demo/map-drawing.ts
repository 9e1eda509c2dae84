import type { MapPoints } from './text-map-messages.js';

/** Points in a square from 0 to 1. */
export interface MapFrame {
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/** Highlighted points. */
export interface MapLight {
  /** Similarity of each text to the query. */
  readonly scores: Float32Array | undefined;
  /** Indices of the results. */
  readonly best: ReadonlySet<number>;
  /** Index of the hovered point. */
  readonly picked: number | undefined;
}

const MARGIN = 0.04;

/** Share of outliers clamped to the border, because a few distant points would squeeze all others together. */
const OUTERMOST = 0.0005;

/** Scales points to the square. */
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

/** Returns the point nearest to a position, or `undefined` if none is near. */
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

/** Returns the next point in a direction, preferring near points with little sideways offset; the central point if none is selected. */
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

/** Number of similarity levels; each level is drawn in one pass. */
const SHADES = 8;

/** Points below this similarity are not highlighted. */
const FAINT = 0.25;

/** Draws maps on a canvas in the page's colours. */
export class MapCanvas {
  readonly #canvas: HTMLCanvasElement;
  /** Cached drawing of all points without highlights, because drawing thousands at every key is too slow. */
  #ground: { readonly key: string; readonly frame: MapFrame; readonly image: HTMLCanvasElement } | undefined;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
  }

  draw(frame: MapFrame, { indices }: MapPoints, { scores, best, picked }: MapLight): void {
    const canvas = this.#canvas;
    const context = canvas.getContext('2d');
    const { clientWidth: width, clientHeight: height } = canvas;
    if (context === null || width === 0 || height === 0) return;
    const scale = window.devicePixelRatio || 1;
    const [pixelWidth, pixelHeight] = [Math.round(width * scale), Math.round(height * scale)];
    if (canvas.width !== pixelWidth || canvas.height !== pixelHeight) {
      canvas.width = pixelWidth;
      canvas.height = pixelHeight;
    }
    const style = getComputedStyle(canvas);
    const color = (name: string) => style.getPropertyValue(name);
    const { x, y } = frame;
    const dot = (path: CanvasRenderingContext2D, i: number, radius: number) => {
      path.moveTo(x[i]! * width + radius, y[i]! * height);
      path.arc(x[i]! * width, y[i]! * height, radius, 0, 2 * Math.PI);
    };

    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, pixelWidth, pixelHeight);
    context.drawImage(this.#groundOf(frame, scale, color('--map-quiet'), dot), 0, 0);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    if (scores !== undefined) {
      context.fillStyle = color('--map-near');
      const shades = Array.from({ length: SHADES }, (): number[] => []);
      for (let i = 0; i < x.length; i++) {
        const score = scores[indices[i]!]!;
        if (score < FAINT) continue;
        shades[Math.min(SHADES - 1, Math.floor(((score - FAINT) / (1 - FAINT)) * SHADES))]!.push(i);
      }
      shades.forEach((points, shade) => {
        const score = FAINT + ((shade + 0.5) / SHADES) * (1 - FAINT);
        context.globalAlpha = Math.min(1, (score - 0.15) * 1.6);
        context.beginPath();
        for (const i of points) dot(context, i, 1.3 + score * 4);
        context.fill();
      });
      context.globalAlpha = 1;
    }
    context.fillStyle = color('--map-hit');
    context.beginPath();
    for (let i = 0; i < x.length; i++) if (best.has(indices[i]!)) dot(context, i, 5);
    context.fill();
    if (picked !== undefined) {
      context.strokeStyle = color('--vp-c-text-1');
      context.lineWidth = 2;
      context.beginPath();
      dot(context, picked, 8);
      context.stroke();
    }
  }

  #groundOf(
    frame: MapFrame,
    scale: number,
    color: string,
    dot: (path: CanvasRenderingContext2D, i: number, radius: number) => void,
  ): HTMLCanvasElement {
    const { width, height } = this.#canvas;
    const key = `${width} ${height} ${color}`;
    if (this.#ground?.key === key && this.#ground.frame === frame) return this.#ground.image;
    const image = document.createElement('canvas');
    image.width = width;
    image.height = height;
    const context = image.getContext('2d')!;
    context.scale(scale, scale);
    context.fillStyle = color;
    context.beginPath();
    for (let i = 0; i < frame.x.length; i++) dot(context, i, 1.3);
    context.fill();
    this.#ground = { key, frame, image };
    return image;
  }
}
