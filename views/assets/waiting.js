// Shows the result as soon as it is there. Without this script the page reloads itself by its refresh header.
const address = document.currentScript.dataset.events;
if (address && 'EventSource' in window) {
  const events = new EventSource(address);
  const show = () => {
    events.close();
    location.reload();
  };
  events.addEventListener('change', show);
  events.addEventListener('message', show);
}
