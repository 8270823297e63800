const out = document.querySelector('#out');
const worker = new Worker('./dist/worker.js');
worker.onmessage = ({ data }) => { out.textContent = data; };
worker.onerror = ({ message }) => { out.textContent = `FAILED ${message}`; };
