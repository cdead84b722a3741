/** A viewBox of this size holds the line; the margin keeps its stroke inside. */
export const SPARKLINE = { width: 400, height: 56, margin: 4 } as const;

/** SVG path data of the numbers from left to right, scaled to their own range; "" for fewer than two. */
export function sparklinePath(numbers: readonly number[]): string {
  if (numbers.length < 2) return "";
  const lowest = Math.min(...numbers);
  const highest = Math.max(...numbers);
  const { width, height, margin } = SPARKLINE;
  // Halved first: the range of two huge doubles is Infinity.
  const range = highest / 2 - lowest / 2;
  const points = numbers.map((number, index) => {
    const x = (index / (numbers.length - 1)) * width;
    const share = range === 0 ? 0.5 : (number / 2 - lowest / 2) / range;
    const y = height - margin - share * (height - 2 * margin);
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  return `M${points.join("L")}`;
}
