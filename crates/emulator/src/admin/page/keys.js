// Keyboard shortcuts.

addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input:not([type=checkbox]), textarea, select, dialog')) return;
  const field = document.querySelector('main form[role=search] input:not([type=checkbox])');
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});
