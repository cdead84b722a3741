/**
 * Milliseconds of processor time that this process has used. For bounds far above linear work and far below quadratic work:
 * how busy the machine is does not count. Speed itself is for the benches.
 */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
