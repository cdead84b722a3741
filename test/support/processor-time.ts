/**
 * Milliseconds of processor time that this process has used. For bounds far above linear work and far below quadratic work:
 * how busy the machine is does not count. Speed itself is for the benches. A page, where some of these tests run as well, has
 * only its clock.
 */
export function processorTime(): number {
  if (typeof globalThis.process?.cpuUsage !== "function") return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
