package routing_test

import (
	"testing"

	"snout/shared/routing"
)

func TestWishesForNoMoreTexts(t *testing.T) {
	for _, c := range []struct {
		text string
		want bool
	}{
		{"please stop texting me", true},
		{"Please STOP texting me!!", true},
		{"No more messages.", true},
		{"no more texts thanks", true},
		{"Don't text me again", true},
		{"don’t message me", true},
		{"STOP PLEASE", true},
		{"please stop", true},
		{"take me off your list", true},
		{"I'd like to opt out", true},
		{"remove my number from this", true},
		{"I do not want to receive these", true},
		{"leave me alone", true},
		{"Por favor, no más mensajes", true},
		{"Stop.", true},
		{"STOP!", true},
		{"\"STOP\"", true},
		{"“Stop”", true},
		{"(stop)", true},
		{"stop\u200b", true},
		{"S T O P", true},
		{"STOP ALL", true},
		{"stop stop stop stop", true},
		{"Can you please stop?", true},
		{"Opt-out!", true},
		{"Quit.", true},
		{"Cancel.", true},
		{"End!", true},
		{"Revoke.", true},
		{"can you quit sending me messages", true},
		{"pls stop msging me", true},
		{"no more txts", true},
		{"please stop all communication", true},
		{"stop with the texts", true},
		{"don't text us anymore", true},
		{"dont text this number again", true},
		{"I'd rather not get texts", true},
		{"I no longer wish to receive text messages", true},
		{"you need to stop texting me.", true},
		{"wrong number, please remove me", true},
		{"No quiero más mensajes", true},
		{"don't send me any more messages", true},
		{"(I'm not receiving notifications. Automatic reply.)", false},
		{"I'm not getting your texts, did you write?", false},
		{"I did not receive your messages", false},
		{"she no longer gets messages on that phone", false},
		{"STOP", false}, // the word itself: no wish, but done at once
		{"cancel", false},
		{"please cancel", false},
		{"we need to cancel tomorrow", false},
		{"end of the street", false},
		{"stop it Rex", false},
		{"I said no more, enough of that barking", false},
		{"no more than two messages a day is fine", false},
		{"no text needed, just lock up", false},
		{"I don't want to be late", false},
		{"do not forget to text me", false},
		{"Stop the car when you see the dog", false},
		{"", false},
		{"Please stop by at five", false},
		{"can you stop at the store for litter", false},
		{"Rex won't stop barking", false},
		{"please don't stop texting me photos!", false},
		{"stop giving him treats", false},
		{"No more treats for Rex please", false},
		{"Take him off the leash", false},
		{"I left a message for you", false},
		{"text me when you are there", false},
		{"Unsubscribed from the newsletter, all good", false},
	} {
		t.Run(c.text, func(t *testing.T) {
			if got := routing.StopWish(c.text); got != c.want {
				t.Errorf("%t, want %t", got, c.want)
			}
		})
	}
}

func TestWhatAMachineWrote(t *testing.T) {
	for _, c := range []struct {
		text string
		want bool
	}{
		{"I'm driving with Do Not Disturb While Driving turned on. I'll see your message when I get where I'm going.", true},
		{"(I'm not receiving notifications. Automatic reply.)", true},
		{"AUTO-REPLY: I am out of the office until Monday", true},
		{"This is an automated message, do not reply.", true},
		{"I'm driving over now, be there at five", false},
		{"Please reply when you can", false},
		{"Is the office open?", false},
	} {
		t.Run(c.text, func(t *testing.T) {
			if got := routing.Automatic(c.text); got != c.want {
				t.Errorf("%t, want %t", got, c.want)
			}
		})
	}
}
