/**
 * Methods of text as the platform has them, as functions of the text: a page may replace its own at any time, to hear
 * what passes, to lie, or to throw. What the syntax does by itself needs none of these: `text[at]`, `length`, `+`.
 *
 * @module
 */
import { method } from "../channel/natives.ts";

const { prototype } = String;

/** From `start` to before `end`; neither may be negative. */
export const sliceText: (text: string, start: number, end?: number) => string = method(prototype.slice);
/** -1 where it is not there. */
export const placeIn: (text: string, part: string, from?: number) => number = method(prototype.indexOf);
export const startsText: (text: string, part: string) => boolean = method(prototype.startsWith);
export const lowerCase: (text: string) => string = method(prototype.toLowerCase);
export const upperCase: (text: string) => string = method(prototype.toUpperCase);
/** A UTF-16 unit. */
export const unitAt: (text: string, at: number) => number = method(prototype.charCodeAt);
