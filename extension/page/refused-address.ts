/** A port that browsers open to nobody: fails at once, and as natively as when nobody listens. */
export const REFUSED_ADDRESS = "http://127.0.0.1:1/";
