document.documentElement.classList.add("hydrated");
