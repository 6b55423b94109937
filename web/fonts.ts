// Noto Sans JP as static files, 400 and 700, from our own server. Loaded after the first page is drawn: the list of its
// slices alone would hold the page back longer than the system's font is seen.
import '@fontsource/noto-sans-jp/400.css';
import '@fontsource/noto-sans-jp/700.css';
