package screening_test

import (
	"testing"

	"snout/shared/screening"
)

// said is a thread in short: "s" and "c" and what they write, oldest first.
func said(parts ...string) screening.Message {
	var m screening.Message
	for i := 0; i+1 < len(parts); i += 2 {
		t := screening.Text{Author: screening.Sitter, Body: parts[i+1]}
		if parts[i] == "c" {
			t.Author = screening.Client
		}
		m.Context = append(m.Context, t)
	}
	n := len(m.Context) - 1
	m.Text, m.Context = m.Context[n], m.Context[:n]
	return m
}

func TestPhones(t *testing.T) {
	tests := []struct {
		name string
		m    screening.Message
		swap bool
	}{
		{"digits counted by twos and threes", said("s", "four oh four, a trio of fives, zero, one, a pair of eights"), true},
		{"a plural and how often it comes", said("c", "two oh six, fives x3, oh one nine seven"), true},
		{"a hat trick and a goose egg", said("s", "three one two, hat trick of fives, goose egg, one, four and a deuce"), true},
		{"pairs and trios of other things", said("s", "a pair of gloves, a trio of cats and two bowls by the door"), false},
		{"groups to be worked out", said("s", "area 200+13, then 5x111, then 01, then half of 84. ring it"), true},
		{"every digit a little sum", said("s", "3+0, 1-1, 4+1, 10/2, 2+3, 5x1, 0, 1, 9-2, 2*3"), true},
		{"the middle as one big number", said("c", "212 five hundred fifty five 0188"), true},
		{"scores are no sums", said("c", "sets went 6-4, 3-6, 7-5, what a match"), false},
		{"a dose is no sum", said("c", "give 2 x 500 mg and then 3 x 250 mg"), false},
		{"vowels left out of every digit", said("s", "tw zr thr, fv fv fv, zr wn svn nn"), true},
		{"words that rhyme with digits", said("c", "sicks won ate, hive hive hive, oh won tree heaven"), true},
		{"rhymes in plain talk", said("s", "she was free to live by the tree, so fine, then late at the gate for more"), false},
		{"Dutch", said("c", "nul zes een twee, vijf vijf vijf, nul een acht drie"), true},
		{"Vietnamese", said("s", "hai một hai, năm năm năm, không một tám bảy"), true},
		{"Russian", said("s", "два один три пять пять пять ноль один четыре два"), true},
		{"Korean", said("c", "삼공오 오오오 공일육구"), true},
		{"words of English that are numerals elsewhere", said("c", "nam and sau sat with ba on the bay while hat and ot fem went"), false},
		{"announced in German", said("c", "Am besten erreichbar unter 0152 28817386"), true},
		{"announced in Polish", said("s", "mój numer to 512 555 014"), true},
		{"a sister's phone in German", said("c", "Notfallkontakt ist meine Schwester, 030 23125 017"), false},
		{"an order that can be called", said("s", "Order #303-555-0171. Text the order, it texts back"), true},
		{"an order", said("c", "Order #303-555-0171 comes on Monday"), false},
		{"a weight that is none", said("c", "he weighs 404.555 lb and drank 0171 ml, or that's how you reach me"), true},
		{"a password that reaches somebody", said("c", "wifi is 5035550171, dial the password and you get me"), true},
		{"a chip that is none", said("s", "chip 5035550171. joke, not a chip, it's how to text me"), true},
		{"a chip", said("c", "chip 5035550171, registered last year"), false},
		{"the same word between", said("s", "5-woof-0-woof-3-woof-555-woof-01-woof-42"), true},
		{"words in brackets between", said("c", "(so) 503 (it) 555 (is) 01 (me) 42"), true},
		{"letters that are digits by the text's own key", said("c", "K=5 W=0 M=3, so KWM KKK W142, ring it"), true},
		{"a letter between every two digits", said("s", "every other one: 5a0b3c5d5e5f0g1h4i2"), true},
		{"letters of the keypad in pieces", said("c", "three one two, then J-K-L, then 0 1, then T-U, on the phone pad"), true},
		{"hands between figures", said("s", "✌️0️⃣3️⃣ 🖐🖐🖐 0️⃣☝️4️⃣✌️"), true},
		{"a scare-quoted code on a phone", said("c", "the \"gate code\" is 5035550142, type it on any phone"), true},

		{"how often before the digit", said("c", "twice 3, a 6, thrice 5, nowt, one, twice 7. ring that"), true},
		{"numerals by ear written as one word", said("s", "sevnonate fivfivfive zerowuntwofour when it suits"), true},
		{"digits cut at their syllables", said("s", "sev-en won ate, fi-ive fiv fi-yuv, ze-ro one for too"), true},
		{"words that end in numerals", said("c", "someone often phoned anyone about the freestone, the fortune and the twofold canine"), false},
		{"masked figures beside a vet", said("c", "𝟩𝟣𝟪.𝟧𝟧𝟧.𝟢𝟣𝟤𝟨 once you are at the vet"), true},
		{"a vet in another script's figures", said("c", "vet ka number ९८२००५५५२७"), false},
		{"keys in French", said("c", "4️⃣3️⃣8️⃣ puis 5️⃣5️⃣5️⃣ ensuite 0️⃣1️⃣ et 6️⃣2️⃣"), true},
		{"pictures sent to a phone of the family's", said("c", "send the videos straight to 718 555 0126 so my wife can watch"), true},
		{"a relative's phone where the writer is", said("c", "718 555 0126 is my dad's, I'm staying there until then"), true},

		{"letters for figures in any grouping", said("c", "find me at O49l 57O I5g"), true},
		{"letters for figures in one group", said("s", "my cell is 7IB5SSO1z6"), true},
		{"a part number", said("c", "the filter is part S15 O80 B4"), false},
		{"Hindi", said("c", "मेरा नंबर ९८२००५५५१२ है, फोन कीजिए"), true},
		{"a doctor in Hindi", said("c", "डॉक्टर का नंबर ९८२००५५५१२ है"), false},
		{"Hindi numerals", said("s", "सात एक आठ पाँच पाँच पाँच शून्य एक दो छह"), true},
		{"what was said again", said("s", "718 555 01", "c", "01 what", "s", "26"), true},
		{"cups said again", said("s", "2 and a half cups", "c", "2 what", "s", "26"), false},
		{"two goes", said("s", "it comes in two goes. 71855", "s", "50126"), true},
		{"the end that got wet", said("c", "all I can read is 718-555-01, the rest is smudged, what comes last?", "s", "26"), true},
		{"digits that are missing", said("c", "your number is two short, 718 555 01", "s", "sorry, 26"), true},
		{"a yes that tells more", said("c", "was it 718-555-0126 for you", "s", "yes still that one, ring any day"), true},
		{"which of two in Spanish", said("c", "es el 718-555-0126 o 0127", "s", "la segunda, llámame"), true},
		{"a guess put right", said("c", "guessing: 0491 570?", "s", "yep", "c", "118?", "s", "nah 156"), true},
		{"a number that may be sent", said("s", "I never got your number", "c", "I can send it", "s", "yes please do"), true},
		{"a house number that may be sent", said("s", "I never got your house number", "c", "I can send it", "s", "yes please do"), false},
		{"where the number is, to be used", said("c", "my number is stuck on the cupboard so you can text me straight"), true},
		{"where the number is, in Spanish", said("c", "mi celular está en la nevera, me escribe ahí"), true},
		{"a number on a tag", said("c", "my number is on his collar in case he gets out"), false},

		{"miles that are a phone", said("c", "7.18 miles, 5.55 miles, 01.26 miles, that's my cell"), true},
		{"pills that are a phone", said("s", "718 mg, 555 mg, 0126 mg, read it as my number"), true},
		{"times that are to be rung", said("c", "walks at 7:18, 5:55, 01:26, you get the idea, ring me"), true},
		{"meals and a call", said("c", "250 g at 7:15 and 18:30, call me if she won't eat"), false},
		{"walks and a call", said("s", "walked 2.06, 5.55 and then 3.07 miles. call me when home"), false},
		{"counted things that are a number", said("c", "seven cats, one dog, eight hens, five cows, five pigs, five geese, zero mice, one horse, two goats, six kids: that's my number"), true},
		{"counted things", said("c", "seven cats, one dog, eight hens, five cows, five pigs: that's my family"), false},
		{"pieces with a word on each", said("s", "718 for Brooklyn, 555 as on TV, 01 for luck, 26 for me, call me"), true},
		{"all fives", said("c", "area 718, middle all fives, the end is 0126, you can ring"), true},
		{"short vanity words", said("s", "7-1-8-LUV-CATS is my cell"), true},
		{"vanity in two pieces", said("c", "call 718-MEOW-4-ME"), true},
		{"three times five", said("c", "718 3x5 01 2x6 hehe"), true},
		{"a sum of three in brackets", said("s", "it's 7 1 (3x2+2), 5 5 (10/2), 0 1 (4-2) 6, text it"), true},
		{"a word said between, oh among the digits", said("c", "dial seven meow one meow eight meow five meow five meow five meow oh meow one meow two meow six"), true},
		{"a remark in brackets", said("s", "sevun won ate, fyve fyve fyve (got that), oh wun too sicks"), true},
		{"a word glued between", said("c", "718cat555cat0126, ring it"), true},
		{"a password with a word glued between", said("c", "the wifi password is 718cat555cat0126"), false},
		{"the wrong way round", said("s", "6-2-1-0-5-5-5-8-1-7 in opposite order"), true},

		{"the last and the next are no counts", said("s", "jot 7-1-8 ok? next 5-5-5 ok? last 0-1-2-6 now you have me"), true},
		{"what goods cost and what to do with it", said("c", "7.18 for the bowl, 5.55 for the toy and 01.26 for the bag, put them together & ring"), true},
		{"a whole text from its end", said("c", ".gnir a em evig ,6210-555-817"), true},
		{"pictures between the groups", said("c", "🐈 718 🐈 555 🐈 0126 thats mamas line"), true},
		{"seven digits in three texts", said("s", "five five five", "s", "01", "s", "26"), true},
		{"seven steps in three texts", said("s", "215", "s", "40", "s", "60"), false},
		{"pieces of any length and a call", said("s", "718-5", "s", "55-01", "s", "26 text me"), true},
		{"said to be their line afterwards", said("c", "718 555 0126", "c", "that's my line, keep it"), true},
		{"said to be the vet's afterwards", said("c", "718 555 0126", "c", "that's the vet's line, keep it"), false},
		{"a number saved and used", said("c", "718-555-0126 is my phone", "s", "saved you, talk there"), true},
		{"an area code asked for", said("s", "what's your area code", "c", "718"), true},
		{"letters after spoken digits", said("c", "seven one eight five five five then the letters for C-A-T-S on your keypad"), true},
		{"the business's line, asked about", said("c", "the reminder came from (718) 555-0126, is it the one to save?", "s", "Yes that's our main line"), false},

		{"codes of three doors and a call", said("c", "it is 718 for the gate, 555 for the shed and 0126 for the garage. ring me if stuck"), false},
		{"visits by the hour in words", said("c", "we need 4 to 5 visits, 5 to 5:30, one on the 3rd and 3 on the 4th"), false},

		{"a vet in Japanese, wide digits", said("c", "獣医さんの番号は ０３−５５５０−０１４３ です"), false},
		{"the writer in Japanese, wide digits", said("c", "私の番号は０９０−５５５０−０１４３です"), true},
		{"a husband who never answers", said("c", "use this one, 718-555-0126, my husband never answers his"), true},

		{"three times the five", said("s", "seven one eight, three times the five, zero one, two times the six"), true},
		{"a taper, one a day", said("c", "taper: 20 20 20 10 10 10 5 5 5 0, one a day"), false},
		{"a husband who prefers it", said("c", "my husband's cell for the walks: 718-555-0126, he prefers it over the app"), true},
		{"a husband and how it is paid", said("c", "my husband's cell is 718-555-0126, payment goes over the app"), false},

		{"numerals by ear after talk of another's", said("c", "the last one gave me hers", "s", "ring me: sevnonate fivfivfiv zerowuntwosix"), true},

		{"times of visits", said("s", "7:20, 12:10 and 18:40 visits done"), false},
		{"a membership number", said("c", "the auto club number is 429 005 5035550137 8"), false},
		{"a meter", said("s", "gas meter reads 00415 55501.42"), false},
		{"a parcel in groups of four", said("c", "oh, 5035 5501 3700 2299 8810 01"), false},
		{"one of two house numbers", said("s", "map wants a number, is it 310 or 5550 Elm?"), false},

		{"which of two endings", said("c", "480 555 and then 0133 or 0134?", "s", "0134"), true},
		{"which of two doses", said("c", "was it 250 or 500 mg?", "s", "500"), false},
		{"one digit put right", said("c", "is it 720-555-0170?", "s", "close, ends in a 2"), true},
		{"yes, still mine", said("c", "I found 916 555 0138 on a card, still yours?", "s", "yep, still works"), true},
		{"yes to the vet's", said("s", "the vet's is 916 555 0138, right?", "c", "yes that's right"), false},
		{"the beginning asked for after the end", said("c", "my number ends in 0184", "s", "and begins?", "c", "270 555"), true},
		{"what comes after the first part", said("c", "el mío empieza con 612", "s", "¿y luego?", "c", "450 918"), true},
		{"a guess that is right", said("s", "guess it, starts with 303 555", "c", "0112?", "s", "higher", "c", "0114?", "s", "yesss"), true},
		{"three parts of a number from abroad", said("s", "part one: 0152", "s", "part two: 2881", "s", "part three: 7391"), true},

		{"the second one of two endings", said("c", "the end is 0145 or 0154?", "s", "the second one"), true},
		{"a new ending for a number that is known", said("c", "you have my old one 312 555 0110?", "s", "yes", "c", "new one ends 0111 instead"), true},
		{"the number both know with another end", said("c", "same as the number you're texting, except it ends in 66"), true},
		{"is this you", said("c", "hey is this you 773 555 0147", "s", "that's me!"), true},
		{"is this the vet", said("c", "is 773 555 0147 the vet?", "s", "yes"), false},
		{"pieces at the end of small reports", said("s", "Walk done. 7", "s", "Lunch done. 7 3", "s", "Nap done. 555. Collecting these?", "s", "Dinner done. 0 1 6 0"), true},
		{"an acquaintance's identity card", said("c", "employee id 2065550177 for the parking office"), false},
		{"what precedes what", said("c", "0132 preceded by 646 555"), true},
		{"asked for in a hurry", said("s", "gimme ur numbr n I'll ring u"), true},

		{"a handyman whom the sitter asked for", said("s", "who do I call if the sink leaks?", "c", "Gus from Coolpipe", "s", "do you have it?", "c", "yes, 714-555-0152"), false},
		{"the vet's phone in two texts", said("s", "need the vet's phone for the form", "c", "503", "c", "555 0146"), false},
		{"a relative's, spelled", said("s", "is there an emergency contact?", "c", "my uncle Bo", "s", "number for him?", "c", "four two four, five five five, zero one one eight"), false},
		{"the client's own, asked for", said("s", "what's your number?", "c", "four two four, five five five, zero one one eight"), true},
		{"asked whether a phone may be rung", said("s", "may I ring your mobile instead of writing here?", "c", "sure thing, 718 555 0126"), true},
		{"asked whether a phone may be rung, alone", said("c", "could I text your personal phone?"), true},
		{"the real one and not this", said("s", "digits? not the app one, your actual one"), true},
		{"a husband who books from now on", said("c", "My husband does our bookings now, text him on 206-555-0163, skip the app"), true},
		{"an assistant in place of the thread", said("c", "my secretary is on 206 555 0163, write her there instead of this chat"), true},
		{"a husband in case", said("c", "my husband is 206-555-0163 in case the booking dates clash"), false},
		{"a plumber to arrange things with", said("c", "arrange the visit with him please, the plumber is Ed at 206-555-0163"), false},
		{"read from its end", said("s", "read it from the end: 3610 555 602"), true},
		{"an order read from a slip", said("c", "order it by 2710 555 808 at the counter"), false},
		{"a hundred and a nought in front", said("c", "607, 555, a hundred and thirty one with a zero in front"), true},
		{"hundreds and a nought in front", said("s", "six hundred and seven, five hundred and fifty five, one hundred and thirty one with a zero in front"), true},
		{"the last four asked for", said("s", "what were the last four of your mobile?", "c", "0138"), true},
		{"the last four of a chip", said("s", "what were the last four of the chip?", "c", "0138"), false},
		{"the end that was guessed at", said("c", "was it 917-555-01 something?", "s", "yes, sixty-two"), true},
		{"the beginning of an end", said("c", "is your number still the one in 0162?", "s", "yes, 917 555 in front"), true},
		{"Italian", said("c", "sono a Roma, chiamami al 339 555 0128"), true},
		{"a private phone in German", said("c", "Tel. privat: 0043 664 5550171, bitte dort"), true},
		{"their own desk", said("c", "+49 30 23125 411 is my desk, call me there"), true},

		{"what comes after the first part", said("c", "what comes after 555", "s", "oh one four two 😄"), true},
		{"the same thrice", said("c", "7185550126 7185550126 7185550126 got that? good"), true},
		{"what is put in front", said("s", "begin at 5550126 and put 718 in front of it"), true},
		{"a door that is rung", said("s", "the door code is 7185550126 haha. ring that door anytime"), true},
		{"a password that a green button takes", said("c", "wifi is 7185550126, hit the green call button and you get me"), true},
		{"three letters without a word", said("c", "dial 718 then JKL then 0126"), true},
		{"tens as they are heard", said("s", "it's 718 fity five five oh wun sebenty too"), true},
		{"a password of all devices", said("c", "wifi is 7185550126x, works on the phone and the laptop"), false},
		{"an auction's number", said("c", "ebay number 20-15550-11327 is his new bed"), false},
		{"an aunt and then her phone", said("c", "Aunt Jo has the spare key. Her mobile phone: 941-555-0117"), false},
		{"a sister after leave to give it", said("c", "should I leave my sister's number too?", "s", "yes please", "c", "Marta 503 555 0171"), false},
		{"the emergency room in Spanish", said("s", "Está sangrando mucho, voy a urgencias, el teléfono de allí es 915 555 0172"), false},
		{"take him to the emergency room", said("c", "¡no respira, corre! urgencias 786 555 0172"), false},
		{"breaths counted again and again", said("s", "breaths a minute: 24 22 26 23 25, she sleeps"), false},
		{"times without a colon", said("c", "Between 2 and 230?", "s", "rather 3 to 330, I nap till 215"), false},
		{"a row of figures and then visits", said("s", "8, 12, 4, 8, 11. Six visits in all"), false},
		{"spans of hours in words", said("s", "two walks, nine to ten, one to two, four to five"), false},
		{"a counting rhyme", said("c", "she sings one two three four five once I caught a fish"), false},
		{"a lottery's numbers", said("c", "our lotto ticket was 04 17 25 31 48 and 9"), false},
		{"a lottery's numbers that are dialled", said("c", "lotto numbers 503 555 0142, dial the lotto"), true},
		{"sets of a match", said("s", "final was 6-4, 5-5, 0-1, 4-2, poor loser"), false},
		{"a claim, spelled", said("c", "the claim is five oh three five five five oh one four two"), false},
		{"a claim that is called", said("c", "claim five oh three five five five oh one four two, call me there"), true},
		{"a phone on a sign", said("s", "the sign by the pond says report geese to 503-555-0142"), false},
		{"a sign of one's own", said("s", "I put a sign up that says 503-555-0142"), true},
		{"the office that was called", said("c", "phoned the office on (503) 555-0111 and it just rang"), false},
		{"times without a sign over two texts", said("c", "7 15 and 6 50", "s", "and Monday?", "c", "same, 8 10 in the morning"), false},
		{"a phone over two texts", said("c", "my number is 715 650", "s", "and?", "c", "8101"), true},
		{"four times of day, said", said("s", "six oh five, eleven fifty, five ten and nine thirty, all logged"), false},
		{"a gate's code in three texts", said("s", "what's the gate code", "c", "three one five", "c", "then five five five", "c", "then zero one four four and hash"), false},
		{"what the pharmacy is told", said("s", "prescription number?", "c", "503 555 0142"), false},
		{"the client's own, asked beside a code", said("s", "code is fine. your number?", "c", "503 555 0142"), true},
		{"a password without spaces", said("c", "what's the password", "s", "917 5550 147 no spaces, it's the old wifi one"), false},
		{"a number that is theirs", said("s", "Which vet do we see?", "c", "Harbor Cats", "s", "for the form please", "c", "253-555-0156 is theirs"), false},
		{"the business's number with a word after it", screening.Message{Text: screening.Text{Author: screening.Client, Body: "rang five oh three five five five oh one one one twice"}, Own: screening.Own{Numbers: []string{"+15035550111"}}}, false},
		{"a handyman beside his number", said("c", "(808) 555-0129, ring or text the electrician about the flicker"), false},
		{"what a counter says", said("s", "505 steps so far", "s", "555 now", "s", "1142, what a girl"), false},
		{"a password as it is written", said("s", "and the pass?", "c", "mudpuddle4ever, all one word"), false},
		{"days of a month", said("s", "free on 3 7 8 12 19 and 23 of May, pick any"), false},
		{"a hospital asked for without a sign", said("s", "which hospital is yours", "c", "St Anne, 022 5550 6161"), false},
		{"the business pays by it", said("c", "is upi working on your payment page? card fails"), false},
		{"it is paid by that", said("c", "is upi ok? I pay you there and we leave the office be"), true},
		{"a dose that tapers", said("c", "steroid: 30 30 20 20 10 10 5 5 then stop"), false},
		{"a company that is called for nothing", said("s", "who do I ring about the smell?", "c", "GasCo 800-743-5000"), false},
		{"whose number it is", said("c", "whose 503-555-0111? it was on my bill"), false},
		{"hours as soldiers write them", said("s", "0715 ✔ 1245 ✔ 1930 ✔"), false},
		{"visits at four times", said("s", "Visits were at 8:05, 11:30, 4:55 and 8:42"), false},
		{"a mother for when nobody answers", said("c", "my mom is the backup if you can't get hold of me: 602.555.0119"), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if v := screening.Screen(tt.m); v.Swap != tt.swap {
				t.Errorf("swap %v, families %v", v.Swap, v.Families)
			}
		})
	}
}
