// Notifications by this browser, where it can: its subscription goes with the form as any other address.
const by = document.querySelector("[data-push-key]"), form = by.closest("form"), { push, way } = form.elements;
by.hidden = !("serviceWorker" in navigator && "PushManager" in window);
form.addEventListener("submit", async (event) => {
  if (way.value !== "push") return;
  event.preventDefault();
  await navigator.serviceWorker.register(form.dataset.worker);
  const { pushManager } = await navigator.serviceWorker.ready, how = { userVisibleOnly: true, applicationServerKey: by.dataset.pushKey };
  push.value = JSON.stringify(await pushManager.subscribe(how).catch(() => null));
  form.submit();
});
