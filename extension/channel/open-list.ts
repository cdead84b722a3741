const { setPrototypeOf } = Reflect;
const { prototype } = Array;

/**
 * A list to be filled by number: without a prototype it meets no setter of the page's, and costs next to nothing beyond a plain one,
 * where defining each number costs a microsecond or two. `closeList` makes a list like any other of it.
 */
export function openList<T>(): T[] {
  const list: T[] = [];
  setPrototypeOf(list, null);
  return list;
}

export function closeList<T>(list: T[]): T[] {
  setPrototypeOf(list, prototype);
  return list;
}
