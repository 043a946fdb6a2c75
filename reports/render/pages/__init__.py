"""The pages of the site, by kind: what each shows, by which template, under which name."""
