// The meeting page: voices on and off, points opened. It works without this file.
"use strict";
