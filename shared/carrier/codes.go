package carrier

// Class says what is to be done about a code of the carrier.
type Class string

const (
	Permanent Class = "permanent" // this text to this phone will never go
	Account   Class = "account"   // our account or set-up is at fault: alarm, and stop sending
	Retry     Class = "retry"     // later it may go
	OptedOut  Class = "opted_out" // the carrier blocks this pair of number and phone until the person texts START
)

// Explanation is one code in words for an owner.
type Explanation struct {
	Class    Class
	Sentence string
	Known    bool // false: the code is not in the table, and Class is the careful guess Permanent
}

// Explain classifies a code of the carrier, from the answer to a send or from
// a status report, and says it plainly. The carrier advises against building
// on its codes and offers nothing else; a code it adds later is Permanent, so
// that nothing is sent again on a guess.
//
// It is a function and not a map, because a map could be changed.
func Explain(code int) Explanation {
	known := func(c Class, sentence string) Explanation { return Explanation{c, sentence, true} }
	switch code {
	// The answer to a send.
	case 20003, 20005, 20008, 20010, 20011, 20404:
		return known(Account, "The carrier does not accept our account. Nothing can be sent until that is repaired.")
	case 20429:
		return known(Retry, "The carrier was busy. The message will be tried again.")
	case 21211, 21265, 21267, 21268, 21604:
		return known(Permanent, "This phone number is not one that can get texts. Please check it.")
	case 21266:
		return known(Permanent, "The message was addressed to the very number it would come from.")
	case 21212, 21601, 21603, 21606, 21659, 21660, 21661:
		return known(Account, "The business number cannot send texts at the moment. It has to be looked at.")
	case 21408:
		return known(Account, "Texting to this country is switched off in our account at the carrier.")
	case 21602:
		return known(Permanent, "The message was empty.")
	case 21608:
		return known(Account, "The account at the carrier is still on trial and cannot text this phone.")
	case 21609:
		return known(Account, "The address for delivery reports is not set up rightly.")
	case 21610:
		return known(OptedOut, "This person has texted STOP to this number. They get nothing from it until they text START.")
	case 21611:
		return known(Retry, "Too many messages are waiting on this number. It can be tried again later.")
	case 21612:
		return known(Permanent, "The carrier has no way to reach this phone from this number.")
	case 21614, 21635:
		return known(Permanent, "This phone is not a mobile phone and cannot get texts.")
	case 21617:
		return known(Permanent, "The message is too long. It may have 1600 characters.")
	case 21620, 21621, 21622:
		return known(Permanent, "A picture could not be read by the carrier.")
	case 21623:
		return known(Permanent, "The message has too many pictures. It may have 10.")
	case 21624:
		return known(Account, "The message was given a time limit that the carrier does not know.")
	case 21701, 21703, 21704, 21705, 21712:
		return known(Account, "The messaging service at the carrier is not set up rightly.")
	case 30610, 30615:
		return known(Retry, "It is night where the phone is. The message can go at the allowed hours.")
	case 30640:
		return known(Permanent, "The carrier does not deliver to this phone for legal reasons.")

	// Delivery reports.
	case 30001:
		return known(Retry, "Too many messages were waiting on this number. It can be tried again later.")
	case 30002:
		return known(Account, "The carrier has suspended our account.")
	case 30003:
		return known(Retry, "The phone is off or out of reach. It can be tried again.")
	case 30004:
		return known(Permanent, "The phone or its network refuses texts from this number.")
	case 30005:
		return known(Permanent, "This phone number is no longer in use, or never was.")
	case 30006:
		return known(Permanent, "This is a landline, or a network that takes no texts.")
	case 30007:
		return known(Permanent, "The network stopped the message as unwanted. Please do not send it again as it is.")
	case 30008:
		return known(Retry, "It was not delivered, and the network does not say why. It can be tried once more.")
	case 30011:
		return known(Permanent, "This phone's network takes no pictures.")
	case 30017, 30410, 63018:
		return known(Retry, "The phone's network was too busy. It can be tried again.")
	case 30018, 30024, 30032, 30034:
		return known(Account, "The business number is not registered for texting. Nothing goes out from it until it is.")
	case 30019:
		return known(Permanent, "The picture is too large for the phone's network.")
	case 30022, 30023, 30027:
		return known(Retry, "Our allowance of texts for this network is used up for now. It can be tried again later.")
	case 30035:
		return known(Retry, "The business number is still being registered. It can be tried again later.")
	case 30036:
		return known(Permanent, "The message waited too long at the carrier and was dropped.")
	case 30450, 30453:
		return known(Retry, "The carrier is guarding against fraud and holds texts for some minutes. It can be tried again later.")
	case 30454:
		return known(Account, "The trial account's allowance is used up.")
	case 30532, 30533:
		return known(Account, "The carrier does not accept what our texts are registered for.")
	case 63017, 63038:
		return known(Retry, "Our account's allowance of texts is used up for now. It can be tried again later.")
	case 14107:
		return known(Retry, "Too many automatic answers went back and forth. It can be tried again in a minute.")
	case 0:
		return Explanation{Permanent, "The carrier gave no reason.", false}
	}
	return Explanation{Permanent, "The carrier could not deliver the message.", false}
}
