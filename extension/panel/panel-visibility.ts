/** Whether anyone can see the panel. Devtools hide the panel of another tab of theirs without telling it. */
export function isPanelVisible(): boolean {
  return document.visibilityState === "visible" && innerWidth > 0;
}

export function onPanelShown(listener: () => void): void {
  let wasVisible = isPanelVisible();
  const look = () => {
    const isVisible = isPanelVisible();
    if (isVisible && !wasVisible) listener();
    wasVisible = isVisible;
  };
  document.addEventListener("visibilitychange", look);
  addEventListener("resize", look);
}
