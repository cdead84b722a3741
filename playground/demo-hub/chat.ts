import type { HubCall, HubMethod } from "../../core/src/hub/hub.ts";
import type { Clock } from "../../core/src/ports/clock.ts";
import { textArgument } from "./demo-value.ts";

/** A chat is dull alone: Ada lives in the hub and answers what is said in any group. */
const RESIDENT = "Ada";
const ANSWER_AFTER = 700;

export interface Chat {
  readonly methods: Readonly<Record<string, HubMethod>>;
  readonly leaveAll: (connectionId: string) => void;
}

export function createChat(clock: Clock): Chat {
  /** Connection IDs by group. */
  const members = new Map<string, Set<string>>();
  /** Names by connection ID, for as long as the connection lasts. */
  const names = new Map<string, string>();
  let guests = 0;

  const nameOf = ({ connectionId }: HubCall): string => {
    const known = names.get(connectionId);
    if (known !== undefined) return known;
    guests += 1;
    const name = `guest ${guests}`;
    names.set(connectionId, name);
    return name;
  };

  const answer = (call: HubCall, group: string, text: string) => {
    const say = () => call.group(group).send("Said", group, RESIDENT, text, isoTime(clock));
    // The answer belongs to the group: it is said even where the call that caused it is over.
    clock.after(ANSWER_AFTER, say, new AbortController().signal);
  };

  const leave = (group: string, connectionId: string) => {
    const present = members.get(group);
    present?.delete(connectionId);
    if (present?.size === 0) members.delete(group);
  };

  const methods: Readonly<Record<string, HubMethod>> = {
    Join: (call, groupName) => {
      const group = textArgument(groupName, "group");
      const present = (members.get(group) ?? new Set<string>()).add(call.connectionId);
      members.set(group, present);
      call.join(group);
      call.group(group).send("Joined", group, nameOf(call));
      answer(call, group, `Welcome to ${group}, ${nameOf(call)}.`);
      return { group, you: nameOf(call), members: present.size + 1 };
    },
    Leave: (call, groupName) => {
      const group = textArgument(groupName, "group");
      leave(group, call.connectionId);
      call.leave(group);
      call.group(group).send("Left", group, nameOf(call));
      return undefined;
    },
    Say: (call, groupName, said) => {
      const group = textArgument(groupName, "group");
      const text = textArgument(said, "text");
      call.group(group).send("Said", group, nameOf(call), text, isoTime(clock));
      const words = text.trim().split(/\s+/).length;
      answer(call, group, `I have counted ${words} ${words === 1 ? "word" : "words"}.`);
      return undefined;
    },
    Broadcast: (call, said) => {
      call.all.send("Announced", nameOf(call), textArgument(said, "text"));
      return undefined;
    },
  };

  return {
    methods,
    leaveAll: (connectionId) => {
      names.delete(connectionId);
      for (const group of [...members.keys()]) leave(group, connectionId);
    },
  };
}

function isoTime(clock: Clock): string {
  return new Date(clock.now()).toISOString();
}
