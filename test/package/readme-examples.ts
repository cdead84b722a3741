import { readFileSync } from "node:fs";

export interface ReadmeExample {
  /** `example-1`, in the order of the file. */
  readonly name: string;
  readonly code: string;
  /** What the comment after `// Prints:` says, by line; undefined where there is none. */
  readonly prints: readonly string[] | undefined;
}

/** The TypeScript examples of a Markdown file. */
export function readmeExamples(file: string): readonly ReadmeExample[] {
  const fences = readFileSync(file, "utf8").matchAll(/^```ts\n([\s\S]*?)^```$/gm);
  return Array.from(fences, ([, code = ""], index) => {
    const [, printed] = code.split("// Prints:\n");
    const prints = printed
      ?.trimEnd()
      .split("\n")
      .map((line) => line.replace(/^\/\/ ?/, ""));
    return { name: `example-${index + 1}`, code, prints };
  });
}
