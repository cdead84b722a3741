import {
  batch,
  computed,
  effect,
  type ReadonlySignal,
  type Signal,
  signal,
  untracked,
} from "@preact/signals";
import type { ConnectionId, EntryNumber, ProtocolName } from "../../core/src/session/model.ts";
import { redactUrl } from "../../core/src/session/redaction.ts";
import type { Session } from "../../core/src/session/session.ts";
import { recomputed } from "../recomputed.ts";
import { PROTOCOL_WORDS, TEXTS } from "../texts.ts";
import { type ActModel, createActModel } from "./act/act-model.ts";
import type { Actor } from "./act/actor.ts";
import { type ConnectionListModel, createConnectionListModel } from "./connections/connection-list-model.ts";
import { entryAt, placeOf } from "./connections/entry-place.ts";
import { createDetailModel, type DetailModel } from "./detail/detail-model.ts";
import { entryJson, rawText } from "./detail/entry-json.ts";
import { createLayoutModel, type LayoutModel } from "./layout-model.ts";
import { type ColumnModel, createColumnModel } from "./log/column-model.ts";
import { createFilterModel, type FilterModel } from "./log/filter-model.ts";
import { createMessageLogModel, type MessageLogModel } from "./log/message-log-model.ts";
import type { Notice } from "./notice.ts";
import { browserPlatform, type InspectorPlatform } from "./platform.ts";
import { memoryPreferences, type PreferenceStore } from "./preferences.ts";
import { type AnnouncerModel, createAnnouncerModel } from "./status/announcer-model.ts";
import { statusTexts } from "./status/status-texts.ts";

export interface InspectorOptions {
  /** A sentence of the host above the log. */
  readonly notice?: ReadonlySignal<Notice | undefined>;
  /** What the log says before the first entry; the host knows what is recorded and what to do next. */
  readonly nothingYet?: ReadonlySignal<Notice>;
  /** Right end of the status line: "recording localhost:5000 · all frames". */
  readonly statusText?: ReadonlySignal<string>;
  /** One step behind that text: where the host's own settings are. */
  readonly statusAction?: Notice["action"];
  /** True while new entries are taken into the log. A host that shows or changes it passes its own. */
  readonly recording?: Signal<boolean>;
  /** False while there is nothing that the host could record; the log would take it. */
  readonly isRecorded?: ReadonlySignal<boolean>;
  /** Whether the log outlives a navigation of the page; absent where there is none. */
  readonly preserveLog?: Signal<boolean>;
  /** Keeps widths and choices; without it they last as long as the page. */
  readonly preferences?: PreferenceStore;
  /** Called when the user clears, after the session was cleared. */
  readonly onClear?: () => void;
  /** The inspector is all that its page has: keys reach it while nothing has the focus. */
  readonly isWholePage?: boolean;
  readonly platform?: InspectorPlatform;
  /** Acts on connections of the inspected page; without one nothing of it is shown. */
  readonly actor?: Actor;
}

export interface InspectorModel {
  readonly layout: LayoutModel;
  readonly connections: ConnectionListModel;
  readonly filter: FilterModel;
  readonly columns: ColumnModel;
  readonly log: MessageLogModel;
  readonly detail: DetailModel;
  readonly isDetailOpen: ReadonlySignal<boolean>;
  /** Absent where nothing can be acted on. */
  readonly act: ActModel | undefined;
  readonly announcer: AnnouncerModel;
  readonly notice: ReadonlySignal<Notice | undefined>;
  readonly nothingYet: ReadonlySignal<Notice>;
  readonly status: ReadonlySignal<readonly string[]>;
  readonly statusText: ReadonlySignal<string>;
  readonly statusAction: Notice["action"];
  readonly recording: ReadonlySignal<boolean>;
  readonly isRecorded: ReadonlySignal<boolean>;
  readonly preserveLog: Signal<boolean> | undefined;
  readonly areKeysShown: ReadonlySignal<boolean>;
  readonly isWholePage: boolean;
  readonly session: Session;
  /** The session's revision as it was last shown. */
  readonly revision: ReadonlySignal<number>;
  /** Now, as of the last tick. */
  readonly time: ReadonlySignal<number>;
  /** The host applied events: everything is brought up to date before the next frame, once. */
  refresh(): void;
  /** Brings what counts time up to date; the view calls it every second. */
  tick(): void;
  toggleRecording(): void;
  clear(): void;
  open(number: EntryNumber): void;
  openDetail(): void;
  closeDetail(): void;
  seekError(step: 1 | -1): void;
  seekRelated(step: 1 | -1): void;
  copyJson(): void;
  copyRaw(): void;
  showKeys(shown: boolean): void;
  dispose(): void;
}

const ANSWER_STAYS = 3000;
const NOTHING_YET = signal<Notice>({ sentence: TEXTS.nothingYet });

export function createInspectorModel(session: Session, options: InspectorOptions = {}): InspectorModel {
  const platform = options.platform ?? browserPlatform;
  const preferences = options.preferences ?? memoryPreferences();
  const recording = options.recording ?? signal(true);
  const revision = signal(session.revision);
  const time = signal(platform.now());
  const isDetailOpen = signal(false);
  const areKeysShown = signal(false);

  const layout = createLayoutModel(preferences);
  const decodeAs = (connection: ConnectionId, protocol: ProtocolName): void =>
    batch(() => {
      const entry = log.selectedEntry.peek();
      const mark = entry === undefined ? undefined : placeOf(session, entry);
      const shown = log.rows.total.peek();
      if (!session.redecode(connection, protocol)) {
        announcer.say("What came over HTTP is known: it cannot be decoded otherwise.");
        return;
      }
      log.rows.renumbered(shown);
      update();
      log.select(mark === undefined ? undefined : entryAt(session, mark));
      announcer.quieten();
      announcer.say(`Decoded as ${PROTOCOL_WORDS[protocol]}.`);
    });
  const connections = createConnectionListModel(session, { revision, now: time, redactUrl, decodeAs });
  const filter = createFilterModel(session, connections.selected, preferences);
  const log = createMessageLogModel(session, { recording, filter: filter.filter.peek(), platform });
  const columns = createColumnModel(layout.logWidth, preferences);
  const detail = createDetailModel(session, log.selectedEntry, revision);
  const announcer = createAnnouncerModel(session);

  const { actor } = options;
  const act =
    actor === undefined
      ? undefined
      : createActModel(session, { revision, actor, selected: connections.selected, say: announcer.say });
  const stopSizing = effect(() => layout.showDrawer(act?.drawer.value !== undefined));

  let answeredAt = time.value;

  let isFirstFilter = true;
  const stopFiltering = effect(() => {
    const chosen = filter.filter.value;
    if (!isFirstFilter) untracked(() => log.filterBy(chosen));
    isFirstFilter = false;
  });
  const stopRecording = effect(() => {
    if (recording.value) untracked(() => log.refresh());
  });

  const update = (): void =>
    batch(() => {
      revision.value = session.revision;
      log.refresh();
      announcer.refresh();
    });

  let isFrameAsked = false;
  const refresh = (): void => {
    if (isFrameAsked) return;
    isFrameAsked = true;
    platform.beforeFrame(() => {
      isFrameAsked = false;
      update();
    });
  };

  const copy = (text: string, what: string): void => {
    platform.copy(text).then(
      () => announcer.say(`Copied ${what}.`),
      () => announcer.say("The browser did not allow copying."),
    );
  };

  update();

  return {
    layout,
    connections,
    filter,
    columns,
    log,
    detail,
    isDetailOpen: computed(() => isDetailOpen.value && detail.detail.value !== undefined),
    act,
    announcer,
    notice: options.notice ?? signal(undefined),
    nothingYet: options.nothingYet ?? NOTHING_YET,
    status: recomputed(revision, () => statusTexts(session, layout.isNarrow.value)),
    statusText: options.statusText ?? signal(""),
    statusAction: options.statusAction,
    recording,
    isRecorded: options.isRecorded ?? signal(true),
    preserveLog: options.preserveLog,
    areKeysShown,
    session,
    revision,
    time,
    isWholePage: options.isWholePage ?? false,
    refresh,
    tick: () => {
      const now = platform.now();
      if (announcer.answer.value === "") answeredAt = now;
      else if (now - answeredAt > ANSWER_STAYS) announcer.quieten();
      time.value = now;
    },
    toggleRecording: () => {
      recording.value = !recording.value;
      update();
    },
    clear: () =>
      batch(() => {
        log.select(undefined);
        session.clear();
        options.onClear?.();
        update();
        log.followTail();
      }),
    open: (number) =>
      batch(() => {
        log.select(number);
        isDetailOpen.value = true;
      }),
    openDetail: () => {
      if (log.selected.value === undefined) log.move(-1);
      isDetailOpen.value = log.selected.value !== undefined;
    },
    closeDetail: () => {
      isDetailOpen.value = false;
    },
    seekError: (step) => {
      if (!log.seek(step, ({ isError }) => isError))
        announcer.say(step > 0 ? "No later error." : "No earlier error.");
    },
    seekRelated: (step) => {
      const next = neighbour(session, log.selectedEntry.value, step);
      if (next === undefined)
        announcer.say(
          step > 0 ? "No later message of this invocation." : "No earlier message of this invocation.",
        );
      else log.select(next);
    },
    copyJson: () => {
      const shown = detail.detail.value;
      if (shown !== undefined) copy(entryJson(shown.entry, shown.parts), "as JSON");
    },
    copyRaw: () => {
      const entry = log.selectedEntry.value;
      if (entry?.kind === "message")
        copy(
          rawText(entry.record.raw),
          entry.record.raw.kind === "text" ? "as it was on the wire" : "as hex",
        );
    },
    showKeys: (shown) => {
      areKeysShown.value = shown;
    },
    dispose: () => {
      stopFiltering();
      stopRecording();
      stopSizing();
      act?.dispose();
      log.dispose();
    },
  };
}

/** The entry before or after `entry` in its invocation. */
function neighbour(session: Session, entry: InspectorEntry, step: 1 | -1): EntryNumber | undefined {
  if (entry?.kind !== "message" || entry.invocation === undefined) return undefined;
  const entries = session.invocation(entry.invocation)?.entries ?? [];
  const next = entries[entries.indexOf(entry.number) + step];
  return entries.includes(entry.number) && next !== undefined && session.entry(next) !== undefined
    ? next
    : undefined;
}

type InspectorEntry = ReturnType<Session["entry"]>;
