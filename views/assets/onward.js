// Sends the form on by itself. Without this script its button does.
document.getElementById('onward').submit();
