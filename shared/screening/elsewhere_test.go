package screening_test

import (
	"testing"

	"snout/shared/screening"
)

// Names, addresses and pages that are said in other words, or over several texts.
func TestWaysElsewhere(t *testing.T) {
	tests := []struct {
		name string
		m    screening.Message
		swap bool
	}{
		{"a service by its initials", said("c", "W/A me once you're in"), true},
		{"a composer by his", said("c", "W.A. Mozart is what we call the parrot"), false},
		{"a service by one letter", said("s", "w.app is quicker for me"), true},
		{"a service misspelled", said("c", "u on signol?"), true},
		{"no bars", said("c", "signal is poor at the lake"), false},
		{"in Hindi", said("c", "telegram pe msg karo na"), true},
		{"in French", said("s", "passe sur telegram"), true},
		{"in Spanish", said("s", "le escribo por el feis, salgo como Lupe Paseos"), true},
		{"a service by its picture", said("c", "the purple gamer app, look for me there"), true},
		{"a device's app", said("c", "the app with the purple paw runs the feeder"), false},
		{"a name both know", said("c", "signal?", "s", "yep, same name as on here"), true},
		{"a namesake", said("c", "what's he called?", "s", "same name as my brother"), false},
		{"who is a page", said("s", "are you the page with the three pugs?", "c", "guilty", "s", "lol followed, check your dms"), true},
		{"an answer to under which name", said("c", "insta?", "s", "sure", "c", "what do I search", "s", "rainy beagles"), true},
		{"somebody else's name", said("c", "my nephew will open", "s", "name?", "c", "Theo, tall"), false},
		{"where a name is one", said("s", "my tag is dollar sign then hopandwag", "c", "on which", "s", "the square one"), true},
		{"sent", said("c", "venmo ok?", "s", "yes", "c", "sent!"), true},
		{"refused", said("c", "venmo ok?", "s", "only through the app sorry", "c", "sent!"), false},
		{"a house of mail by its owner", said("s", "mossypaws at apples mail"), true},
		{"a house of mail by its nickname", said("c", "your email?", "s", "wagsby", "c", "at?", "s", "the google one"), true},
		{"a speaker", said("c", "the google one in the kitchen plays music for him"), false},
		{"an address to be written down", said("s", "jot your email on the notepad, I send long reports"), true},
		{"the vet's", said("c", "the vet's email is on the notepad"), false},
		{"an address for the office", said("s", "put your email on the form so the office can send it"), false},
		{"a short link", said("c", "v.gd/mossy"), true},
		{"a short link in words", said("s", "v dot gd slash mossypaws"), true},
		{"a country's ending", said("s", "lunapaseos.es, reserva conmigo"), true},
		{"a forgotten space", said("c", "he's so energetic.de verdad"), false},
		{"two letters and a stroke", said("c", "is he ok.is/was he sick"), false},
		{"a short link pulled apart", said("c", "b i t . l y / mossy"), true},
		{"an address pulled apart", said("c", "m o s s y 7 @ a o l . c o m"), true},
		{"a guess that is right", said("s", "mossydogs", "c", "yahoo?", "s", "yup"), true},
		{"the groomer's, as asked", said("s", "what's the groomer's email?", "c", "it's desk@suds.example, she's quick"), false},
		{"a network's password", said("s", "and the pass?", "c", "mossy4paws22, no caps"), false},
		{"a host's ending apart", said("s", "my page is a dot org: tailsandtea"), true},
		{"a dot com firm", said("c", "he works for a dot com downtown"), false},
		{"in Hindi, whose", said("c", "aapka snapchat?"), true},
		{"in French, whose", said("c", "ton mail perso?"), true},
		{"an account in India", said("s", "mossy@okaxis"), true},
		{"a name in brackets", said("s", "(insta) -> wagsinperth"), true},
		{"a camera's user", said("c", "ring camera, username tailshome, for the yard"), false},
		{"the company's own page", said("c", "is there an instagram for the company?"), false},
		{"bars", said("c", "signal ok?", "s", "better by the door"), false},
		{"leave to be added", said("c", "can I add you on snap", "s", "go ahead"), true},
		{"told to give it", said("c", "do you have a telegram?", "s", "I do", "c", "share it"), true},
		{"under which", said("c", "you on facebook?", "s", "under my middle name", "c", "which is?"), true},
		{"turned down", said("c", "insta?", "s", "we're not allowed, sorry"), false},
		{"a short link in pieces", said("s", "v.gd", "s", "/mossy", "s", "glue those"), true},
		{"what lies there", said("s", "look under the leash hook", "c", "what's there", "s", "my details"), true},
		{"a key lies there", said("c", "look under the leash hook", "s", "what's there", "c", "the spare key"), false},
		{"only through the app", said("c", "cash ok?", "s", "no, only through the app"), false},
		{"a shop, as asked", said("s", "where's his food from", "c", "kibbleandtea.example"), false},
		{"what a tag says", said("s", "what does his tag say", "c", "mossy, all one word"), false},
		{"no first of all", said("c", "no whatsapp for us, this works"), false},
		{"no first of all, of the app", said("s", "not in the app tho, zelle me"), true},
		{"the company's page", said("c", "is that you in the company's reel?", "s", "haha yes", "c", "found you!"), false},
		{"a service on the portal", said("c", "paypal on the portal ok?", "s", "yes"), false},
		{"a tablet's app", said("c", "open the app on the tablet and find me there if it beeps"), false},
		{"a paper one", said("c", "electronic one or the paper one? his passport"), false},
		{"a card of one's own", said("s", "tucked one of my cards in the leash bag"), true},
		{"a card in French", said("s", "je vous mets ma carte sur le frigo"), true},
		{"a card on file", said("c", "leave my card on file as it is"), false},
		{"the office's payment page", said("c", "is gpay accepted on the company's page?"), false},
		{"a breed", said("c", "Zelle the whippet needs her coat"), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if v := screening.Screen(tt.m); v.Swap != tt.swap {
				t.Errorf("swap %v, families %v", v.Swap, v.Families)
			}
		})
	}
}
