/** What a browser can show when a test fails. */
export interface Gallery {
  add(name: string, take: () => Promise<Buffer>): void;
  /** A picture of each; what is gone by now is left out. */
  pictures(): Promise<readonly (readonly [name: string, png: Buffer])[]>;
}

export function createGallery(): Gallery {
  const views = new Map<string, () => Promise<Buffer>>();
  return {
    add: (name, take) => {
      views.set(views.has(name) ? `${name} ${views.size + 1}` : name, take);
    },
    pictures: async () => {
      const taken: (readonly [string, Buffer])[] = [];
      for (const [name, take] of views) {
        try {
          taken.push([name, await take()]);
        } catch {
          // The tab or the panel has been closed: nothing to show, and the test's own failure must not be hidden.
        }
      }
      return taken;
    },
  };
}
