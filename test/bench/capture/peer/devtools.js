chrome.devtools.panels.create("Peer", "", "panel.html");
