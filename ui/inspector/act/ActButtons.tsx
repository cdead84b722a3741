import type { ActModel, DrawerName } from "./act-model.ts";

const BUTTONS: readonly { readonly name: DrawerName; readonly label: string; readonly title: string }[] = [
  { name: "send", label: "Send…", title: "Send through the page's connection, or deliver to the page (s)" },
  { name: "break", label: "Break…", title: "Drop, delay, cut, refuse (b)" },
];

/** Open and close the drawers. */
export function ActButtons({ act }: { readonly act: ActModel }) {
  const open = act.drawer.value;
  return (
    <>
      <span class="divider" />
      {BUTTONS.map(({ name, label, title }) => (
        <button
          key={name}
          type="button"
          class="tool act-button"
          title={title}
          aria-expanded={open === name}
          {...(open === name ? { "aria-controls": "inspector-drawer" } : {})}
          onClick={() => act.toggle(name)}
        >
          {label}
        </button>
      ))}
    </>
  );
}
