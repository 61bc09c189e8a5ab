/**
 * What the daemon says about a field, in French. The daemon speaks English; the page has its sentences
 * by what stays the same in each, and `$1` is what changes. A sentence that is missing here is shown
 * as it came.
 */

/** @type {[RegExp, string][]} */
export const SAID = [
    [/is longer than (\d+)/, '$1 au plus.'],
    [/must be true or false/, 'Oui ou non.'],
    [/must be a whole number/, 'Il faut un nombre entier.'],
    [/must be a number/, 'Il faut un nombre.'],
    [/must be a text/, 'Il faut un texte.'],
    [/is less than the minimum/, 'C’est moins que le minimum.'],
    [/is less than (\S+)/, '$1 au moins.'],
    [/is more than (\S+)/, '$1 au plus.'],
    [/is shorter than (\d+)/, '$1 caractères au moins.'],
    [/fewer than (\d+) tags/, '$1 mots-clés au moins.'],
    [/is from (\d+) to (\d+)/, 'De $1 à $2.'],
    [/this tag is there/, 'Ce mot-clé y est déjà.'],
    [/this text is there/, 'Ce texte y est déjà.'],
    [/control characters/, 'Les caractères de commande ne sont pas permis.'],
    [/no such date/, 'Cette date n’existe pas.'],
    [/no such moment/, 'Ce moment n’existe pas.'],
    [/none of the texts/, 'Ce choix n’existe pas.'],
    [/no longer be chosen/, 'Ce choix n’est plus possible.'],
    [/whole number has at most (\d+)/, 'Un nombre entier a $1 chiffres au plus.'],
    [/the schema (.+) has no such field/, 'Le type $1 n’a pas ce champ.'],
    [/(?:more than|of at most) (\d+) digits/, 'Un poste a $1 chiffres au plus.'],
    [/no region has this code/, 'Deux lettres d’un pays, comme FR.'],
    [/is that of/, 'Une autre fiche l’a déjà.'],
    [/password has at least (\d+)/, 'Un mot de passe a $1 caractères au moins.'],
    [/has letters, digits/, 'Des lettres, des chiffres, _ et - seulement.'],
    [/nothing to choose/, 'Il n’y a rien à choisir.'],
    [/the last administrator/, 'C’est le dernier administrateur ; ajoutez-en un autre d’abord.'],
    [/several \w+ in one field; the others are in (.+) now/, 'Plusieurs ; les autres sont dans $1.'],
    [/too few free (ones|e-mail fields)/, 'Trop peu de champs libres pour tous ; gardé tel quel.'],
    [/no look-up finds it/, 'Gardé tel quel, mais introuvable par un appel.'],
    [/this is not an e-mail address/, 'Ce n’est pas une adresse e-mail.'],
    [
        /Nobody can sign in yet/,
        'Personne ne peut encore se connecter : ouvrez le lien affiché au démarrage, ou lancez carnet user add.',
    ],
    [/only an extension/, 'Ce n’est qu’un numéro de poste.'],
];
