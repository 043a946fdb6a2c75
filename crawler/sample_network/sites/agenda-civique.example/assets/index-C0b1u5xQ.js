const pages = {
  "/": `
    <h1>Les rendez-vous publics près de chez vous</h1>
    <p>Conseils municipaux, enquêtes publiques, réunions de quartier : l'agenda civique rassemble ce qui s'ouvre à tous,
    avec l'ordre du jour et le moyen d'y prendre la parole.</p>
    <h2>Cette semaine</h2>
    <ul>
      <li>Mardi : conseil municipal de Valmarché, salle des fêtes.</li>
      <li>Jeudi : réunion publique sur la place de la Halle.</li>
    </ul>`,
  "/accessibilite": `
    <h1>Déclaration d'accessibilité</h1>
    <p>L'Incubateur civique s'engage à rendre son service accessible, conformément à l'article 47 de la loi n° 2005-102
    du 11 février 2005. Cette déclaration s'applique à agenda-civique.example.</p>
    <h2>État de conformité</h2>
    <p>Agenda civique est non conforme avec le RGAA 4.1.2. Le site n'a pas encore été audité.</p>
    <h2>Contact</h2>
    <p>Écrivez à <a href="mailto:agenda@agenda-civique.example">agenda@agenda-civique.example</a>.</p>
    <h2>Voies de recours</h2>
    <p>Vous pouvez saisir le Défenseur des droits. Déclaration établie le 4 mai 2026.</p>`,
};
const missing = "<h1>Rien à cette adresse</h1><p>Cette page n'existe pas.</p>";

document.querySelector("#root").innerHTML = `
  <header><a href="/">Agenda civique</a></header>
  <main>${pages[location.pathname.replace(/(.)\/$/, "$1")] ?? missing}</main>
  <footer><a href="/accessibilite">Accessibilité : non conforme</a></footer>`;
