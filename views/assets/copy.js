// Puts a "Copy" button beside keys, where the browser allows it. Without this script a click selects the whole key.
if (navigator.clipboard) {
  for (const value of document.querySelectorAll('[data-copy]')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = 'Copy';
    button.setAttribute('aria-label', `Copy ${value.closest('div')?.querySelector('dt')?.textContent ?? ''}`.trim());
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(value.textContent);
      button.textContent = 'Copied';
      setTimeout(() => (button.textContent = 'Copy'), 2000);
    });
    value.after(button);
  }
}
