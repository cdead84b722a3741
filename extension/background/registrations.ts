import { originPattern } from "../channel/sites.ts";

/** What the registration of content scripts needs of the browser. */
export interface RegistrationPlatform {
  /** Every pattern that the extension may read now, those of the manifest included. */
  readonly grantedPatterns: () => Promise<readonly string[]>;
  /** The manifest's own patterns: static content scripts serve them. */
  readonly manifestPatterns: () => readonly string[];
  readonly switchedOffOrigins: () => Promise<readonly string[]>;
  /**
   * Replaces the content scripts of granted sites; none when there is no pattern. Rejects and changes nothing where the
   * browser does not take a pattern.
   */
  readonly registerScripts: (patterns: readonly string[], except: readonly string[]) => Promise<void>;
}

export interface Registrations {
  /** Brings the registered scripts in line with what is granted. Calls follow each other. */
  align(): Promise<void>;
}

/** The grants themselves are the only record: nothing is stored that could disagree with them. */
export function createRegistrations(platform: RegistrationPlatform): Registrations {
  let last: Promise<void> = Promise.resolve();

  async function alignNow(): Promise<void> {
    const own = platform.manifestPatterns();
    const [granted, off] = await Promise.all([platform.grantedPatterns(), platform.switchedOffOrigins()]);
    const asked = granted.filter((pattern) => !own.includes(pattern));
    const excluded = off.flatMap((origin) => originPattern(origin) ?? []);
    try {
      await platform.registerScripts(asked, [...own, ...excluded]);
    } catch (error) {
      if (excluded.length === 0) throw error;
      // Firefox has no patterns with a port. There the relay of an origin that is switched off ends the recording.
      await platform.registerScripts(asked, own);
    }
  }

  return {
    align() {
      // A failed alignment must not block the next one; its caller hears of it.
      last = last.then(alignNow, alignNow);
      return last;
    },
  };
}
