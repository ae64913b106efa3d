// Shows what comes to this browser, the newest word of an incident in place of the last, and opens what is pressed.
addEventListener("push", (event) => {
  const { title, ...said } = event.data.json();
  event.waitUntil(registration.showNotification(title, said));
});
addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(clients.openWindow(event.notification.data[event.action || "link"]));
});
