package screening

// rules is everything the package knows about words, as mechanisms and not as
// sentences. A line is either a class
//
//	%name = word word+ %other
//
// or a rule
//
//	mark weight: element element …
//
// Words are lower case, accents and apostrophes off ("don't" is dont). An
// element is a word, alternatives (a|b|%class), a figure <n>, a name <N> (a
// capitalised word no rule knows), any word *; ? after it makes it optional, .3
// before it lets up to three words stand between, ^ binds the rule to the start
// of a sentence, and word+ stands for its inflections. A rule stays in one
// sentence.
const rules = `
// --- who and whom
%breed = beagle lab labrador poodle corgi doodle labradoodle goldendoodle terrier yorkie husky pug collie spaniel shepherd dachshund bulldog boxer retriever tabby siamese persian bengal calico ragdoll chihuahua greyhound whippet mastiff schnauzer maltese pomeranian frenchie rottweiler doberman dalmatian newfoundland samoyed akita setter pointer hound vizsla weimaraner havanese bichon sphynx iguana cockatoo budgie macaw
%me = me us
%i = i im ill id ive we weve ima imma
%my = my our mi nuestro nuestra mah muh
%you = you u ya yall ye usted ustedes ud
%your = your ur yr yer
%we = we us lets together

// --- phones
%phone = tlf tlfn phone phones cell cellphone cells mobile mobil celular cel celu telefono tel telf movil fone phne landline celly cellie handset fono portable handy telephone telefone celly
%numeral = number numbers num nbr nmbr numbr numbah numero numeros # digits digit nummer
%callv = call+ text+ txt+ tex ring+ dial+ buzz+ message+ msg+ sms reach+ contact+ phone+ ping+ holler+ shout whatsapp+ facetime+ telephone+
%llama = llamame llamarme escribirme marcarme llamarnos llamenme llameme marcame marqueme escribeme escribame textame textea texteame mandame mensajeame contactame llamanos escribenos timbrame ligame chamame
%adj = nokia iphone android samsung pixel blackberry prepaid different foreign local uk us french german spanish italian mexican canadian israeli dutch irish australian danish swedish travel temporary temp spare extra personal own direct new real private cell work google burner actual second other direct home best mobile regular secret main usual normal business old same current current nuevo privado

reach: %callv .1 %me .2 at|on|@|al|a|via|using|here|with
reach: %callv %me
reach: hit+ %me .1 up|at|on|with|back
reach: hmu
reach: get|reach|find|catch|grab .1 (ahold|hold)? %me .1 at|on|@|al|under
reach: get|getting ahold|hold of %me
reach: give|drop|shoot|send %me .1 a|an .1 call|ring|text|buzz|shout|holler|txt|message|line|msg|sms
reach: %i can be reached|contacted|called|texted|found
reach: you|u .1 can .1 reach|call|text|contact|find|get .1 %me
reach: im|i .1 am? at|on <n>
reach: send|sends|forward|forwards|shoot|drop .3 pics|pictures|photos|videos|vids|pic|photo|updates|them|it|these|those|reports|everything .2 (straight|directly)? to <n>
reach: im|ill|were|well|am|be .2 there|here|staying|with til|till|until|all|tonight|tomorrow|week|weekend
nothird: im|ill|were|well|am|be .2 there|here|staying|with til|till|until|all|tonight|tomorrow|week|weekend
reach: call|text|txt|message|reach .1 my .1 %adj? %phone|%numeral|line
reach: %llama
reach: save|store|keep|add|put|write|jot|note|take|grab|memorize|remember|use|copy|guarda|anota|apunta|toma .2 this|my|it|these|mine|mi|me .2 %numeral|%phone|digits|down|contact|contacts|celular
reach: here|heres|this|thats|its|aqui|ahi|here's is|esta|tienes|va|goes|comes|are|s? .1 my|mi|me|mine|our .2 %numeral|%phone|digits|contact|line|info|cel
reach: lose|keep|add|put .2 (my)? .1 in|into your phone|contacts|cell
number: my|mi|our|nuestro .1 %adj? %adj? %phone|digits
number: my|mi|our|nuestro .1 %adj? %adj? %phone? %numeral
number: my|mi|our direct|personal|private line
number: my|mi|our line|contact|hotline|celly|whatsapp|imessage
number: mine is|=|starts|ends|begins
given: number|#|cell|phone|digits|mobile|celular|numero|cel|movil|telefono|cells|phones is|es|its|:|=|are|s
number: and|y i|me|yo share|use|both|end|start|begin|am|mandas|escribes|llamas|avisas
number: %kin and|& i|me|myself
number: were|we|im .3 on|at +? <n>
number: i|we|us|me share|both
number: reach me|us at|on
number: reach .1 me|us
number: dial+|marca|marque|marcar .1 %me|my|mi|this|al|a
number: you can call|text|reach|get me|us at|on
number: call|text|txt|message|msg|ring|whatsapp me|us at|on|@|al
number: %llama al|a|por
number: emo_phone
part: lada
number: carry|have|use|using|got|on a|an|my|the .1 %adj %phone|number|sim
number: %adj cell|mobile|number|sim|phone|line .2 while|for|is|:|this|until|til
number: mah|muh phone|cell|numbah|number|numba|digits|fone
nothird: visiting|visit|seeing|staying|with|at|from|helping .2 %kin
nothird: (my|our)? late|old %kin
reach: have|got|get|reach %me .1 on .1 the|a line|phone|horn
reach: marcas|marque|marca .3 atiendo|contesto
part: debut|fin|finir|medio
ask 100: number|cell|phone|mobile|digits .1 that? .1 you|u .2 answer|use|pick|check|carry|have
ask 100: share|sharing|swap .2 phone|cell|mobile|personal number|numbers|digits|contact .1 with me
ask 100: can|could|may|shall|mind i|we|if .1 %callv .1 your|ur .1 %adj? %phone|%numeral
ask 100: can|could|may|shall|mind i|we|if .1 %callv %you on your|ur .1 %adj %phone|%numeral|line
ask 100: %phone|%numeral .6 whats|what yours|urs
ask 100: text|txt|send|shoot|drop|message|msg|slide %your .1 %adj? %phone|%numeral .1 %numeral? .1 to %me
ask 100: which|what %phone|%numeral .1 %your own|personal|private|real|actual
ask 100: not .1 this|that|the .2 one .1 %your real|own|actual|personal|private one|number|phone|cell
ask 100: what|which number|cell|phone|mobile .3 i|we .2 text|call|reach|ring|get|message you|u
ask 100: have|get|got a|your .1 cell|mobile|phone .1 number? .2 for|to .2 you|use|reach
ask 100: last|first four|three|digits|4|3|part .2 of .1 your|ur|tu|su .1 %adj? %phone|%numeral|digits
ask 100: which|what .1 %adj? phone|cell|number|mobile .3 you|u .2 be|reach|have|carry|using|travel|on
ask 100: ^ (your|whats|what)? area code ?
ask 100: best|good|easiest cell|phone|number|mobile .1 for|to .1 you|reach|get|text|call
number: my|our .1 work|desk|office|business|daytime|job|shop|store|day|jobs .1 direct? line|phone|number|cell|landline|extension|mobile|tel
number: phone|number|line|cell .1 at|for|from my|our .1 work|job|desk|office|shop|house|hotel
number: thats|this|its|is|heres me|mine
number: its|im|is|heres|here|this|hi|hey .1 <N> .3 mom|mum|dad|owner|human|mama|papa|mommy|daddy|parent|sitter|walker
number: ring|call|try|use|phone the|our .1 house|home|hotel|cabin? landline
reach: i|ill|we|well .3 come|run|get|be to|by the phone
number: my|our %adj line|hotline|contact
hint 110: press|hit|push|tap .4 call|phone|dial|green .1 button|key|icon .3 me
hint 110: ring|dial|call|text|phone that|this door|gate|code|lock|pin|password|order|chip|parcel|isbn|weight|serial
serial: ebay|amazon|etsy|item|listing|auction .1 number|#|no
reach: dont|never|rarely .1 answer|check|read|open .1 this|the|that .1 app|thread|chat|site
reach: mappeler|mappelez|mecrire|mecrivez|mejoindre|chiamami|chiamatemi|scrivimi|contattami|telefonami|appellez-moi|ligame|ligueme
number: tel|telefon|handy|nummer|mobil|numero|telefono .1 privat|private|privado|prive|privato|perso
nothird: my .1 desk
reach: where .2 you|ya|u? .1 find|reach|get|catch|have|call|text %me
reach: where|one|it|that|which i .1 answer|pick|check|reply|respond
reach: leave .1 %me? .1 a? .1 voicemail|message|vm
reach: this|the|that chat|app|thread|site|thing .2 slow|down|dies|glitches|fails|crashes|lags|stuck|broken
number: my|our|these|the digits
number: area code
reach: appelez|appelle|ecrivez|rufen|ruf|schreib|schreiben|anrufen|chiamami|scrivimi|ligue|liga .1 moi|mich|mir|me|pra|para
number: mon|ma|mein|meine|mio|il|meu|minha portable|numero|tel|telephone|handy|nummer|handynummer|telefonnummer|cellulare|telefono|telefone|celular|numero
part: middle|middles|end|ends|start|starts|front|back|tail is|are|its|has|:|= <n>
part: <n> .1 is|are|goes|go|comes .1 the|up|in|at|at? front|first|middle|end|last|start|back|tail|beginning|area
part: for|thats|is the? rest|remainder|remaining
hint: =|equals .1 how|my|me|call|phone
bypass 90: change|swap|replace|switch .3 last|final|first|middle digit|digits .8 me|mine|my|i
ask 100: tiene|tienes|hay|algun|otro .2 correo|email|numero|telefono|celular|contacto .1 personal|propio|privado|directo
part: then|next|luego|followed|finally|and|after|plus <n>
part: first|last|second|third|final|next bit|part|half|piece|chunk|group .1 is|are|:|=
hint 110: isnt|arent|aint|not|wasnt|never .1 a|an|the|my|really? .1 zip|flight|order|code|password|tracking|invoice|room|price|time|date|lot|case|pin|address|wifi
hint 110: by * i mean
hint 110: i mean .2 my|me %adj? %phone|%numeral
hint 110: track|ring|dial|phone|buzz .2 it|me .1 down? .2 on|lol|haha|hehe
part: bit|piece|one|chunk by|at .1 a? bit|piece|one|chunk|time
part: in pieces|parts|chunks|bits|halves
part: (ends|ending|starts|starting)? starts|ends|begins|ending|starting <n>
part: in|up|at|to the? front|beginning|end|middle|tail
hint: type|punch|put|key|plug|dial|enter|stick|save .2 them|it|those|these|that .1 in|into|on .2 phone|dialer|contacts|keypad
hint: hit|press|push .2 green|call .1 button
hint: what .1 to do with .1 those|these|them|it|that
hint: not .1 a|an|really|actually? .1 flight|order|tracking|confirmation|invoice|room|address|apartment|score|weight|dose|reading|temperature
hint: squish|squash|smoosh|squeeze|glue|join|stick|stitch|line|mash|chain .2 it|them|those|these|three|all|two .1 together|up|end
hint: ignore|skip|drop|forget|disregard|minus|without .2 words|labels|letters|rest|units|signs|text|symbols|slashes|dots|stuff
third: hes|shes|theyre|he|she|they .1 is|are? at|on <n>
third: we use|call|have|go .1 is|to|with? .1 a|the|is? <N>
bypass 100: %biz .2 line|number|phone .8 change|swap|replace|switch|except|but|only|identical|same|with .5 digit|digits|ends|ending|last
bypass 100: number|line|mine|phone .2 identical|same|like .4 except|but|only|with .4 digit|digits|ends|ending|last
noreach: %callv me .3 pic|pics|picture|pictures|photo|photos|video|videos|vid|update|updates|selfie
noreach: %callv me .2 here|if|when|once|after|before|instead|through|every|how
call: dial+|marca|marque|marcar
call: %callv|%phone|%numeral|%llama|emo_phone|digits|llama|llamar|marcar|marca|escribe|escribir|textear|marque

// --- what figures are results of, or are read off
%tally = lotto lottery powerball euromillions megamillions jackpot bingo bowling bowled score scores scored scoreline scoreboard temps temperatures humidity salinity nitrate nitrates ammonia tds glucose sugars readings respiration respirations resps breaths bpm weighins steps laps mileage cribbage darts yahtzee golf sets innings pages psalm hymn hymns verse channel channels sudoku dice batteries standings votes eggs results rupees rupee diary
tally: taper|tapers|tapering|prednisone|prednisolone|pred|steroid|steroids
tally: %tally
tally: numbers|figures|levels|counts|totals .1 today|yesterday|tonight|overnight|this|look|looked
tally: trip|dates|stay .1 is|are|from .1 <n>
tally: land|lands|landing|lander .2 on
serial: invoice|order|claim|policy|case|booking|ticket no|nr|num .1 is|: <n>
noreach 110: she|he|they|who|hed|shed|theyd .1 can|could|will|knows|how|usually? .1 reach|reaches us
third: number|phone of|for .1 the|our|my .2 %trade|%vet|%kin
tally: match|game|games|final .2 was|were|ended|finished|won|lost
tally: (kitten|kittens|puppy|puppies|pup|pups|litter|his|her|their|daily|morning|the) weights
read: sign|note|notice|sticker|tag|poster|flyer|plaque|list|sheet|label|voicemail|machine|answerphone|recording|screen|display|van|truck|leaflet|letter|website|google|receipt|magnet .8 says|said|say|saying|reads|shows|showed|lists|gives|gave|printed|has
read: missed|unknown|strange call|caller|number .6 from
read: caller id|display
read: showed|came up .2 on|as .2 your|the .1 phone|landline|display|caller
code: the|your|house|guest|home|my safe .1 in|behind|under|is|combo|opens|dial
code: ^ safe .1 in|behind|under|is|combo|opens|dial
serial: scanner|scan|reader|screen|label .1 showed|shows|says|gave
tally: numbers|values|levels|figures .3 meter|monitor|glucometer|scale|libre|sensor|pump
third: is|are theirs|hers
third: veto|vetos|mari|femme|gardien|gardienne|plombier|serrurier|nounou|schlusseldienst|klempner|hausarzt|tierklinik|clinica|medico
third: call|ring|phone|dial|contact st|saint <N>
place: call|ring|phone|dial|contact|st|saint|er|hospital|clinic .1 st|saint|the? <N>
noplatform 100: %sure .1 for|of the? company|business|agency|shop
noplatform 100: company|companys|business|agency|agencys|shop %sure
noplatform 100: on .1 a|the %sure call|meeting .2 with|until|till|so|for|at|all|right
nopay 100: %paysure|upi|paytm|gpay|bizum|%banky .4 company|companys|office|offices|agency|agencys|payment|invoice|checkout .1 payment? link|page|invoice|app|portal|site|form
nopay 100: %paysure|upi|paytm|gpay|bizum .4 payment|pay|invoice|checkout link|page|portal|site|form
third: after .1 hours line|number|contact|phone
code: and|the|whats|what .1 the? pass ?
code: pass is|:|=
code: hold|press .1 <n>|star|#|key|button|pound|hash|asterisk for .2 sec|secs|second|seconds
code: panel|opener|garage wants|takes|needs|expects
code: press|pressing .1 each|every|one slow|slowly|firmly|digit|key
code: the|thats|its|a master takes|it|code|,|has
serial: fly|flying|flies .2 <n>|<N>
office: called|texted|phoned|rang|tried|ringing|calling|dialled|dialed|messaged|telephoned .1 the|your|our? .1 main|front|head|company|office|agency|business? office|company|agency|line|desk|switchboard|reception|business|headquarters|hq
office: (main|head|front) line|office|desk|switchboard|reception
office: the|your|office|company|agency|businesss|business|offices|companys|agencys .1 main|front|office|company|agency|business number|line|phone|hotline .2 is|was|:|=|<n>|rings|ring|still|the
office: office|company|agency|website|support|booking .1 site|page? .1 said|says|told|lists|shows|gave|mail|email .4 call|ring|phone|text|number|<n>

// --- whose phone it may be
%vet = vet vets veterinarian veterinary veterinarians clinic clinics hospital hospitals doctor doctors dr drs er animalhospital poison hotline helpline veterinario veterinaria vete clinica pharmacy farmacia aspca petpoison urgentcare techs
%kin = godmother godfather stepbrother stepsister stepson stepdaughter sister sisters brother brothers mom moms mum mums mother mothers dad dads father fathers husband husbands wife wifes partner partners roommate roommates parents aunt aunts uncle uncles cousin cousins friend friends daughter daughters son sons grandma grandmas grandpa grandpas inlaw boyfriend boyfriends girlfriend girlfriends fiance fiancee fiances spouse niece nieces nephew hermana hermano mama papa madre padre esposo esposa marido vecino vecina prima primo amiga amigo tia tio abuela suegra hija hijo novio novia stepmom stepdad bestie buddy buddys coworker babysitter nanny nannys assistant secretary
%trade = neighbor neighbors neighbour neighbours landlord landlords landlady super superintendent maintenance doorman doormans concierge concierges locksmith locksmiths plumber plumbers electrician electricians handyman hvac adt security hoa groomer groomers daycare breeder breeders trainer trainers shelter rescue homeagain akc insurance airline leasing janitor caretaker gardener housekeeper cleaner cleaners farrier ferrier kennel police sheriff cops control authority utility utilities electric gas repair roofer towing tow taxi host airbnb realtor contractor cerrajero plomero portero vecinos conserje casero veterinarios petsmart petco warranty manufacturer restaurant pizzeria hotel school dentist
third: %vet
third: %kin
third: %trade
third: emergency|backup|back-up|secondary|alternate|local|alt contact|contacts|number|person|line
third: contacto de emergencia
third: alarm|security|gas|power|water|electric|cable|internet|management company|guy|people|line
third: poison .1 control|line|hotline|center
third: animal control|hospital|er|clinic|poison|shelter
third: building|property|apartment .1 manager|office|management|super|staff
third: her|his|their|hers|theirs %adj %phone|%numeral|line
nothird: %kin .2 never|rarely answers|answer|picks|pick|checks|replies
noreach 110: her|his|their %adj? %phone|%numeral|line is|:|=
third: her|his|their|hers|theirs|su %phone|%numeral|contact|line|mobile|cell
third: call|text|reach|contact|phone|ring|try|dial|llama|llame|llamale|llamen|message her|him|them|a|al
third: call|text|reach|contact|phone|ring|try|dial|message|ask|llama <N>
third: <N> s? .1 %phone|%numeral|cell
third: guy|guys|lady|gentleman|repairman|contractors|company|boarding|tech|technician|sprinkler|boiler|plumbing|exterminator|dealer|mechanic|tutor|pastor|church|school|caterer|florist|mover|movers|cable|internet|landscaper|landscapers|lawn|pool|snow|plow|painter|painters|installer|delivery|courier
third: anyone|anybody|someone|somebody .3 nearby|else|local|close|contact|around
third: backup|back-up
third: alarm|security|gas|power|water|electric|cable|internet|insurance companys
third: %trade|%vet|%kin number|line|cell
third: boss|bosss|supervisor|colleague|coworkers|teacher|captain|assistance
third: management|maintenance|reception|leasing|frontdesk|desk
third: next door
third: names_own .1 %phone|%numeral|line|cell|mobile
third: fire|police|sheriffs dept|department|station
third: walker|walkers|lobby|superintendent
third: front desk of|at
third: ranger|rangers|rangers
third: city|county|state|gas|utility|water|non-emergency|nonemergency .1 line|number|office|services|hall|works
third: across .1 the street|hall|way|road
third: mr|mrs|ms|miss|sra|sr|senora|senor <N>
third: who .3 call|contact|reach|has|else|notify|text
third: %kin|upstairs|downstairs tenant|tenants
nothird: if|when|once|unless|until|because|before .3 %vet|%kin|%trade .1 calls|call|asks|ask|needs|gets|comes|come|wants|doesnt|isnt|is|opens|cant|says|shows|texts|arrives|knocks|has
nothird: after the|my|our|your|his|her .2 %vet|%kin|%trade .1 calls|call|asks|ask|needs|gets|comes|come|wants|doesnt|isnt|is|opens|cant|says|shows|texts|arrives|knocks|has
third: whoever|someone|somebody|anyone else
third: ask for dr|doctor|<N>

place: to|at|with|en|a .1 the? <N>
place: urgencias|guardia|emergencias
place: telefono|numero|tel de alli|alla|ahi|urgencias|guardia
place: to|at|in the|a .1 24hr|24h|overnight|emergency|er|urgent
place: to|at|in the|a .1 <n> hr|h|hour|hours

// --- codes, passwords, addresses
%codew = code codes gate gates lockbox lockboxes lock keypad keypads alarm pin pins passcode passcodes password passwords pw pword pwd passw wifi wi-fi network ssid router combo combination entry keybox fob buzzer intercom callbox keycode disarm arm padlock opener elevator clave contrasena codigo puerta porton alarma candado cerradura netflix wlan guest entrycode unlock deadbolt
%serialw = passport visa rx tracking track order orders confirmation confirm conf reservation flight flights ticket tickets invoice receipt ref reference acct account policy member membership license licence registration rabies microchip microchips chip chipped serial model sku upc lot batch rx prescription refill claim itinerary booking pnr ups fedex usps dhl amazon shipment package parcel delivery tag tags barcode claim lat latitude lng long longitude gps coordinates coords coordinate geo isbn vin plate plates guia rastreo vuelo factura pedido placa paquete chipnummer loyalty rewards petlink homeagain avid transponder routing ein timestamp invoice unit registered license certificate certificado numero-de-serie item items
%place = address zip zipcode postal street st ave avenue road rd drive dr blvd boulevard lane ln court ct circle cir place pl way terrace ter apt apartment suite ste floor fl building bldg room rm route hwy highway pkwy parkway exit terminal seat row gate platform mile miles po box direccion calle avenida piso depto codigo
code: %codew
serial: %serialw
serial: case #|no|number|id
serial: id <n>|number|no|#|is|:|card|tag|plate|badge|says|reads
serial: water|gas|electric|electricity|power meter|gauge
serial: %my|his|her|its|the|pet|dog|cat|tag|employee|member|student|patient|client|order|chip|photo id
serial: it|scanner|scan|display|screen|label|sticker reads|read|scans
serial: the|my|our|his|her|its|your|file|claim case <n>
serial: microchip|chip|tracking|order|confirmation|reservation|policy|account|serial|case|claim|license .1 number|no|#|num
code: address|zip|zipcode|apt|apartment|street|postal|floor|building|terminal|exit|route|highway

// --- parts of a number, and the other ways to hand one over
part: first|last|final|next|middle|other|remaining|rest|second|third|fourth|ultimos|primeros|siguientes|ultimo|primera|segunda .2 part|half|four|three|two|digits|numbers|bit|4|3|2|5|6|7|one|ones|digit|mitad|cuatro|tres|set|chunk|piece|group|bunch|numeros|parte
part: starts|start|begins|begin|ends|end|ending|finishes|finish|starting|beginning|empieza|termina|comienza|acaba .1 with|in|off|on|by|con|en|is
part: then|next|followed|and|plus|after|luego|despues|rest|finally|lastly|y .1 its|the|is|by|that|comes|add|: .1 <n>
part: the? rest|remainder|remaining|end|other .1 is|half|of|are|part|:
part: area code|codes
part: area is|=|:|<n>
part: thats .2 whole|all|everything
part: bit|piece|bits by bit|piece|bits
serial: what|which .2 number|numbers|digits .1 is|s? .1 on|off .1 it|the|his|her|that|this
serial: permit|pass|decal|badge|voucher|coupon|pi|toy|song|chess
serial: bag|bags|box|boxes|barcode|barcodes|carton|sku|label|litter|brand|model|version
bypass 100: way|ways to reach|get|find|contact|catch %me .3 <n>|until|til|till|number|numbers|than|on
bypass 100: %numeral .1 is? on|off|in .8 %i wrote|put|left|scribbled|wrote|sharpie
bypass 100: %numeral .1 is? on|off .6 not .1 this|here .2 one|chat|app
nobypass 100: way to reach|get|find|contact %me .2 here|app|thread
part: to be continued
part: cont|continued|pt|part|half|sigue|continua|mitad|prefix|finish
part: add|stick|put|tack|append .3 on|to|at|after|before|together|front|end
hint: put|string|stick|combine|join|add|read|piece|squish|mash|smush|run|squeeze|push .2 together|it|em|them|those|these|in|as|into .2 order|row|together|one|straight|number|line|digits|sequence
hint: ignore|drop|remove|lose|skip|delete|minus|forget|without|no|take|strip|sin|quita .3 $|colon|colons|dollar|dollars|dots|decimal|decimals|spaces|dashes|signs|sign|symbols|letters|words|emojis|emoji|am|pm|slashes|commas|puntos|animals|puntuation|punctuation|cents|percent|units|text|rest|stuff|ones|fluff
keypad: letters|dialpad|alphanumeric|spells|spell|vanity
keypad: key|dial|phone|number pad|keys|letters|buttons
keypad: keypad|keys|buttons .3 letters|word|spells|phone
hint: hint hint
hint 110: not .1 money|prices|price|times|dollars|readings|scores|miles|steps .2 me|mine|my
hint: glue|join|squish|stick|string|put|mash|tape .1 them|it|those|these|it .2 and|then .1 ring|call|dial|text
bypass 100: %biz .2 line|number|phone .3 with|but|ends|ending .2 <n>
bypass 100: same as .2 %biz .3 ends|ending|end|with|last .2 <n>
hint: if|ya|u|you|iykwim|iykyk .2 know .2 what|i .2 mean|saying|getting
hint: wink|winkwink|iykwim|iykyk|emo_wink|emo_shush|emo_look|guino
hint: not .1 a|the|really|actually? .1 real|actual? .1 time|price|code|date|prices|times|codes|dates|recipe|score|address|zip
hint: arent|isnt|aint .2 time|price|times|prices|code|hours|codes|dates|really
hint: between the lines
hint: thats .2 how .2 reach|call|find|get|contact|text
hint: that|it|this|those|these|its|thats .1 is|are|spell|spells|make|makes|form|forms|be|equals|gives .2 my|me|mine|phone|number|digits|cell
hint: that is|are how|where
hint: read|count|look .2 only|just|first|numbers|digits|figures|caps|at|the .2 numbers|digits|number|figures|amounts|prices|times
hint 60: in|that order|sequence
hint: those|these|numbers|digits|times|prices|figures .3 mean|means|something|somewhere|ring|bell|lead|important|familiar
hint 60: take|use|keep|just|only|collect|count|pull|pick .1 the|all|out|every .1 numbers|digits|numerals|figures|number|first
hint: decode|decipher|puzzle|riddle|code|cipher|clue|figure .1 it? .1 out|this|me
hint: secret|secreto|hidden|hidden
hint: numbers|digits|figures only
hint: only the? numbers|digits|figures
hint 60: call|dial|text|ring|save|llama|marca that|it|those|these|them|eso|up
reverse: backward|backwards|reverse|reversed|flip|flipped|mirror|mirrored|inverted|invert|reves|atras|revez|backwrds|backward|inverso
reverse: from|start|starting .2 the|at|with|last .1 end|last|right
reverse: last to first
reverse: read|reads|reading|dial|start|starting .2 from|at the? back|tail|rear|end|right
reverse: desde el final
reverse: right to left
reverse: back to front
reverse: end to start|beginning
reverse: other|opposite way|direction .1 around?
reverse: opposite|inverse|reversed order
reverse: gnir|llac|txet|rebmun|enohp|llec|elibom|gnillac|gnitxet
hint 110: give|gimme it|that|this .1 a ring|buzz|bell
call: punch|key|dial it|this|that in
reach: now you|u have|got|reach me
hint: youre|ur|u smart|clever .3 get|figure|work|crack|know
sum: plus|minus|add|subtract|times|multiply|multiplied|divide|divided|half|double|twice|mas|menos|sum|sumar|suma|resta|less|more|increase|decrease|calculate|math|maths|equals|solve|bump|shift|up|down
sum: each|every|all .1 digit|number|one|digits|cada

// --- a number that wears something else's name, and what takes the name off again
%dressw = zip zipcode order invoice receipt ref reference chip microchip password passcode pw flight tracking ticket serial answer result sum total weight score dose wifi coordinates recipe barcode sku confirmation booking reservation claim itinerary policy lot isbn bib license licence passport gps list groceries dosage reading readings fridge toaster washer oven song title book box weather temperature temps prices amounts
hint 120: %callv|%llama|call the|that|this|my|his|her|el|la|ese|a|an .1 %dressw
hint 120: it|that|they|which|number|%dressw .1 also? really? actually? always|also|still? rings|ring|texts|answers|replies|responds|picks back?
hint 120: also? accepts|takes|likes|loves|answers|receives|gets .1 calls|texts
hint 120: how|where|what you|to|u|ya .2 text|call|ring|dial|phone|reach|get|find|catch hold? of? %me
hint 120: dial|call|text|ring|phone .2 (and)? you|u|itll get|reach|gets|reaches %me
hint 120: gets|reaches|connects|rings|wakes you|u|straight|right|directly? to? %me
hint 110: theyre|its|thats|actually|really really|actually me
hint 110: its|is|thats a? phone not
hint 110: really|actually|secretly|truly a|an|my|the .1 phone|cell|mobile
hint 110: its|thats a phone|cell|mobile .1 honest|honestly|really|promise|silly|actually|number
hint 110: put|scan|copy|load|enter|save|type|add .2 in|into|to your|ur|the contacts|phonebook|phone|dialer
hint 110: out|without .1 dots|decimals|points|units|colons|commas|dots
hint 120: read it|them|that|those|this like|as a? phone|number
hint 120: aka|alias|meaning|namely|or .1 my|me .1 %phone|%numeral|line|digits
hint 110: works|work .2 on|in|with any|every|a|your .3 phone|phones|dialer
hint 110: go|goes|fits|try|use|test .2 on|in|with any|every|a|your|the .3 phone|phones|dialer
hint 110: %codew|%dressw|key|combo|combination|way|shortcut to|for %me|my heart|ear|pocket|hand|is|=|:
hint 110: if|in|when you|u|ya|case .1 get|getting|catch|see|follow my|the|our drift|meaning
hint: if you|u know you|u know
hint 100: every|each other|second|third one|letter|digit|character|word|symbol
hint 110: just|should|then|otherwise|can|could|simply|or|u|you .1 phone|call|text|dial|ring|txt it
hint 90: joke|jk|kidding|kiddin|sike|psych|broma|juego
hint 110: isnt|arent|aint|not|wasnt|never .1 a|an|the|my|his|her|its|really|<N>|actually? .1 weight|chip|microchip|groceries|place|receipt|ref|temperature|odometer|mileage|coordinates|gps|price|walk|score|receipt|reference|zip|order|number|serial|id|pin|model|member|account|policy|song|confirmation|reservation|membership
hint 110: (my)? number|digits|phone|cell hides|hidden|hiding|lives|lurks|buried|inside|tucked
hint 100: put|add back? the vowels|letters back?
hint 110: out loud .2 and|n|then dial|call|text|ring
hint 110: ring|call|text|dial|phone .1 the answer|sum|result|total|answers
keypad: on|at|use|ur|your|the|a|any|phone|telephone|phones keypad|keypads|dialpad|keyboard|pad
keypad: look|spell|type .3 keypad|keypads|dialpad|keys

// --- reaching somebody, in other languages
reach: erreichbar|joignable|raggiungibile|bereikbaar|localizable|dzwonic|zadzwon|zadzwonic|pozvonite|tawagan|hubungi|sunati
reach: erreichen|erreicht|erreichst|kontaktieren|joindre|bellen|ringe|ringen mich|uns|moi|me|mij|meg|mig
reach: mich|mir|moi|me|mi|mij|meg|mig|nous .2 erreichen|anrufen|joindre|joignez|appeler|contacter|bellen|bereiken|ubicar|localizar|chiamare|ligar|encuentras|trovi|na
reach: me chama|liga|ligue|escreve|chame
number: meinem|meiner|unserem|meines handy|handynummer|nummer|telefon|mobil
reach: bel|bellen .1 maar|me|mij|even|gerust
reach: bare|bara ring|ringe|sms|text
reach: ring|ringe|sms .1 meg|mig|gerne|garna
reach: ara|arayin|yaz beni|bana
reach: call|text|tawag|message mo ako
reach: goi|nhan .2 em|anh|chi|toi|minh
reach: 전화|문자|연락|카톡|여기로
number: 번호는|번호|전화번호는|전화번호
number: मेरा|मेरे|मेरी|मुझे|हमारा .1 नंबर|नम्बर|फोन|फ़ोन|मोबाइल
reach: फोन|फ़ोन|कॉल|मैसेज .1 कीजिए|करो|कर|करना|करिए|दो|दीजिए
call: नंबर|नम्बर|फोन|फ़ोन|मोबाइल|কল|ফোন|நம்பர்
third: 獣医|動物病院|病院|医院|兽医|宠物医院|诊所|医生|수의사|동물병원|병원|邻居|隣人
third: डॉक्टर|डाक्टर|वेट|अस्पताल|क्लिनिक|पड़ोसी|पड़ोसन|भाई|बहन|पति|पत्नी|पापा|मम्मी|चौकीदार
number: আমার নম্বর|নাম্বার|ফোন
reach: ফোন|কল .1 করুন|করো|কোরো
number: என் எண்|நம்பர்|போன்
number: رقمي|نمبري|موبايلي|شمارهام
reach: اتصل|كلمني|راسلني .1 بي|علي|على
number: 我的|我 .1 电话|号码|手机|手机号
number: 我的号码|我的电话|我的手机号|我的手机|我的电话号码|我手机
reach: 打给我|打我电话|打我手机|给我打电话|加我微信
number: 私の番号|私の電話|携帯は|電話は|電話番号は
reach: 電話ください|電話して|連絡ください
number: เบอร์ผม|เบอร์ฉัน|เบอร
number: телефон|номер .1 мой|мои
reach: звони|звоните|позвони|позвоните|пиши|пишите .1 мне|сюда|на
number: so .1 cua em|anh|chi|toi|minh
number: nomor|hp saya|aku
number: numaram|numerom|telefonum
number: numarul|telefonul meu
number: moj|moje|muj|moja|mitt|mit|mijn|min|meine|mia|mera|mere|oma numer|cislo|broj|nummer|telefoonnummer|telefonnummer|telefon|mobil|mobilnummer|mobilen|tel|komorka|numero|number|numeroni
number: jeg|jag er|ar|nas pa <n>
third: in laws|law
third: hosp|hospice|vets
third: my|the|his|her|our ex
third: notfallkontakt|schwester|bruder|mutter|vater|nachbar|nachbarin|tierarzt|tierarztin|tierarztpraxis|hausmeister|tante|oma|opa|soeur|frere|mere|pere|voisin|voisine|veterinaire|vizinho|vizinha|irma|irmao|sorella|fratello|vicino|sasiad|siostra|weterynarz|dierenarts|buurman|buurvrouw|veterinaer|naboen
nothird: jeg|du|det|han|hun|vi er
nothird: save|saved|put|add|store|file .2 under|as .2 %kin
nothird: pasa|pasas|pase|da|das|tiene|cual|dame|deme|regala|regale|comparte|es .2 su %phone|%numeral
noreach 200: cant|cannot|couldnt|dont|wont|unable|arent|not .3 reach|get|find|contact|catch .1 (ahold|hold)? of? %me
serial: meter|odometer|counter|gauge|thermostat .1 reads|reading|says|is|shows|at|now
given: anota|apunta|anote|apunte|anoten|apuntalo
part: begin|start|close|finish|conclude|top .1 with|on|off? <n>
part: close|finish|conclude|wrap .1 with
part: preceded|prefixed|fronted by|with
part: middle|center|ending .2 is|are .3 <n>

// --- asking for the other's details
%detail = %numeral %phone email e-mail mail address whatsapp insta instagram ig snap snapchat telegram venmo zelle cashapp contact contacts facebook fb handle username deets info correo celular
ask 100: whats|wats|what|wut|cual|que|what's .1 is|es|s? .1 %your|tu|su .1 %adj? %adj? %phone|digits|whatsapp|insta|instagram|ig|snapchat|telegram|venmo|zelle|cashapp|facebook|fb|celular|correo|contact|email
ask 100: whats|wats|what|cual .1 is|es|s? .1 %your|tu|su .1 personal|own|direct|real|private|actual|cell|phone|mobile|best? cell|phone|number|numero|digits|num|#|email|line|contact
ask 100: can|could|may|might|mind|if|let|lemme|want|wanna|like|love|trying|need|puedo|podria|think|ok|okay .3 get|have|grab|take|know|ask .1 for? %your .1 %adj? %adj? %phone? number|cell|phone|digits|email|contact|whatsapp|instagram|insta|snap|handle|mobile|numero|info
ask 100: give|send|share|drop|text|pass|tell|leave|shoot|dame|pasame|mandame|message|slide|regalame .1 me|us .2 %your|tu|su .1 %adj? %adj? %phone? number|cell|phone|digits|email|contact|whatsapp|instagram|insta|snap|handle|mobile|numero|num|#|whats|celular|cel|correo|telefono
ask 100: dame|pasame|regalame|comparteme|compartes|das|pasas|me .2 tu|su %adj? numero|celular|cel|telefono|whatsapp|correo|contacto|insta|instagram|whats|wsp
ask 100: do|got|have|is|u|you .3 a|another|any|different|your|other .1 personal|direct|real|private|own|cell|different|actual .1 number|phone|email|line|contact|cell
ask 100: number .2 to|can|could|i .2 get|reach|text|call|catch .1 you|u
ask 100: best|good number .1 for|to you|reach|get|text|call
ask 100: gimme|gimmie|givme|giv .1 %your .1 %adj? %phone? %numeral|num|nums|digitz|celly|cell|contact
ask 100: wuts|wats|whats|wht|whts|wut|wat|wot|wots|whatz is? .1 %your|ya|yo .1 %adj? %phone? %numeral|num|nums|numba|nmbr|nmber|digitz|celly
ask 100: drop|shoot|send|text|tell|slide|lemme get|have? me? .1 %your|ya .1 nmbr|nmber|numba|num|nums|digitz|diggits|numbr
ask 100: ^ %your digits|number|nummer|numero pls|plz|please|thx
ask 100: best|good|right|better no|num|# .1 to|for .1 send|text|reach|call|ring|get|message|facetime %you
nobypass 100: is this .3 number
ask 100: sharing|giving|sending .1 me? .1 your|ur .1 %adj? %phone|digits|number|email|contact
ask 100: ^ your|ur|tu|su cell|number|phone|digits|celular|numero|whatsapp|insta|email ?
ask 100: give|send|share|drop|text|type|post|write|pass|slip|deme|dame|mandame|pasame|enviame|enviame|regalame|comparteme|leave|put|tell|show .1 me? .1 your|ur|tu|su .1 %adj? number|digits|cell|celular|numero|contact|info
ask 100: like|want|need|love|get your|ur personal|private|own|direct contact|details
ask 100: like|want|need|love|get your|ur .1 personal|private|own|cell|phone|direct? number|email|cell|phone|info|digits
nobypass 100: your .1 number|info|contact|phone .2 to|with|for .1 the|your|my %vet|%trade|%kin|office|doorman|guard|desk|staff|front
ask 100: swap|exchange|trade|switch|intercambiar|intercambiemos|share .2 numbers|contacts|info|digits|emails|phone|contact|details|numeros|deets|cells|cell|number
ask 100: a|another|any|other|better|different|some|direct|easier number|way|place|line|app|method .3 i|we|to|where .1 can|could|may? .1 reach|contact|text|call|get|talk|find|message|you|with .1 you|directly|outside|to|off|ahold
ask 100: where|how .1 can|could|do|else|should|might .1 i|we|u|you .2 reach|contact|find|text|call|get .1 (ahold|hold)? (of)? you|u|me .3 outside|off|directly|privately|personally|else|without|besides|other|after|if|when|later

// --- told by another number that both know
ask 100: same as .2 number|line|one|phone .1 you|youre|ur|u .2 texting|text|calling|call|have|dial .2 now? .1 except|but|only|with|plus|minus
ask 100: take|start|use .2 office|business|company|agency|this|your|their|front .1 desk? line|number|phone|digits .2 add|plus|subtract|minus|change|swap|replace|bump

ask 100: cual es el|la tuyo|tuya|suyo|suya
ask 100: what|which|whats|wats .3 inbox|mailbox|email .1 of? .1 yours|urs|you
ask 100: @ kind|sort|type|variety
ask 100: whats|what|wats|send|drop|share|gimme .1 is? .1 your|ur|yr|tu @
ask 100: what|which name .2 you|u .2 go|use .2 on|there
ask 100: which|what username|handle|usuario .1 was|are .1 it|you|yours
ask 90: electronic mail|post
bypass 90: i|ive .1 just? emailed|mailed|e-mailed you
bypass 90: check .2 spam|junk .9 me|from|my
platform 100: link|links .2 in my|the|our bio
bypass 100: jobs|gigs|clients|bookings|sits outside .1 of? <N>
// --- e-mail
ask 150: leave|write|jot|put|drop|pop|scribble|note|pencil|scrawl|pin .2 your|ur|tu|yr .1 %adj? email|e-mail|gmail|correo .1 address? .2 on|in|by|next|under|beside .3 pad|note|notes|fridge|whiteboard|sheet|paper|notepad|book|notebook|counter|board|card|slip|diary|table|envelope
ask 110: what|which|whats email|mail|e-mail .1 address? do|should|can you|u .1 use|check|prefer|have|read ?
ask 150: got|have|there .1 an|a|another email|e-mail|gmail .1 address? i|we can|could|might .1 use|write|send|reach
ask 150: where can|could|should|do i|we email|e-mail you|u|it|them|this|these
ask 110: can|could|may|if i|we cc|email|e-mail|mail you|u .4 directly|privately|separately|personally
ask 110: i|id .1 need|want|love|like .1 your .2 address|email .1 not|instead .3 %biz|companys|offices
ask 110: ill|i|can|could|gonna|let|will .2 email|e-mail you|u .3 address|whats|addy
ask 110: private|personal mail|email|e-mail|inbox .2 is|would|works .1 easier|better|best|nicer|quicker
ask 150: no|not .2 electronic|digital .1 one|kind
ask 110: electronic|digital address|mail
ask 110: your|ur|tu .1 own|personal|private .1 address|mail|inbox .1 too .6 mail|email|e-mail
nobypass 100: your email .6 office|company|app|form|portal|vet|clinic|login|log|account|groomer
nobypass 100: email .6 log|login|sign|signin|app|form|portal|account|booking|invoices
%mailw = email mail e-mail gmail correo hotmail yahoo
bypass 90: %mailw .2 same|mismo|identical .6 plus|at|with|and|@|gmail|yahoo|hotmail|icloud|outlook
nobypass 100: same|email|mail .4 on file|record|account|profile|booking
mail: email|emails|e-mail|mail|gmail|correo|inbox|emo_mail|hotmail|yahoo|outlook|icloud|emailing|mailbox

// --- going round the business
%biz = reception switchboard companys agencys bosss offices office company agency business app platform site website middleman middlemen boss bosses management manager corporate headquarters hq dispatcher dispatch coordinator broker oficina agencia compania empresa aplicacion jefe jefa plataforma intermediario intermediarios snout owner owners portal ofice offce ofiice offise offcie agancy compnay compny comapny bosss program organization outfit firm
%fees = fee fees commission commissions cut markup percentage surcharge comision comisiones tarifa tarifas overhead premium
%skip = skip+ bypass+ ditch+ avoid+ circumvent+ dodge+ sidestep+ evade+ evitar evitamos evitemos saltar saltarnos saltamos saltemos brincarnos eliminate+
%spot = fridge counter note table card door whiteboard tag collar bandana envelope drawer flyer paper board mat back bag bowl crate leash bottle voicemail post-it sticky cabinet sheet desk kitchen calendar magnet frigo nota mesa sobre tarjeta pizarra refri jar notepad pad fridges folder binder basket mailbox doormat magnet calendar box harness label instructions nevera refrigerador heladera iman post-its postit corkboard cupboard hook tin lid caja encimera corcho aimant frigidaire kuhlschrank zettel geladeira quadro
%directly = direct directly privately personally independently directamente privado separately privadamente direkt aparte
%hire = book+ hire+ pay+ paid schedule+ arrange+ rebook+ employ+ retain contratar contratarme contratame contrateme reservar reserva pagar pagarme pagame pageme use+ using request+ prebook

bypass 100: %skip .2 the|this|that|your|my|our|la|el .2 %biz|%fees
bypass 100: %skip .1 %biz|%fees|them
%avoid = skip+ bypass+ ditch+ avoid+ dodge+ drop dropping dropped drops dump+ sidestep+ circumvent+ cut cutting leave leaving lose losing scrap+ nix ax axe swerve evade+ eliminate+ exclude+ omit+ jettison sack sacking
%mid = middleman middlemen midman midlman middle-man midleman intermediary intermediaries gobetween go-between broker
bypass 100: %avoid .2 %mid
bypass 100: %avoid .3 mid|midle|middl|middle|mdl man|men|person|guy|people
bypass 90: take|taking|do|doing|accept|have .2 jobs|work|clients|sits|gigs|bookings|walks .4 dont|not|outside|that .3 come|from|through|via .3 %biz
bypass 90: works|working|work|walks|walking|sits .2 straight|directly|direct|privately|independently .1 for .1 her|him|them|me|us|you
bypass 90: (neighbor|friend|sister)? her|his|their|our .1 walker|sitter .3 dropped|left|quit|ditched .2 %biz
bypass 100: dont|not|do .1 not? renew+ .8 door|tell|explain|talk|me|ill|i|pay|cash|instead
bypass 100: no|without|zero|nothing|sans|skip .2 invoice|invoices|log|logging|record|records|paper|paperwork|calendar|booking .3 either|involved|needed|anywhere|way
bypass 90: no|dont|not .1 need .2 to|2 .2 log|enter|record|put|add|book|clock .6 slip|tenner|cash|hand|pay|give|ill|money
bypass 90: slip|hand|give|pay .1 me|you .1 a|the? tenner|fiver|twenty|20|30|cash|note|bill|banknote .2 ?
nobypass 90: change|left|found|drawer|groceries|parking|pizza|vet .6 tenner|fiver|twenty
bypass 90: opening|open|starting|start|launching .3 my|mi|our .1 own
bypass 90: free if|when .2 you|u .2 move|switch|bring|come|transfer
bypass 90: move|bring|switch|transfer .3 over to me|us
bypass 70: (fancy|feel|want|wanna)? doing|do|handle|handling .4 independently|solo|privately|unofficially
bypass 90: just|only|all ours|mine|yours .2 ?
lean 50: whats|what|why the? .1 point .2 of .2 %biz|them
lean 60: no .1 invoice|log|record|receipt
lean 50: tenner|fiver|quid
ask 90: ring|call|text|message|whatsapp|buzz|phone .2 me .2 once? .2 off|from|on|with|using %your .1 normal|own|real|actual|private|personal|regular|proper|other|home phone|number|cell|mobile|line
ask 90: so .1 i|we .2 got|have|save|keep .1 it|yours|%your .1 number?
ask 90: do|have|got .1 you|u .2 have|got|run .2 your|ur .1 own .2 website|site|page|booking|web|webpage|link
ask 110: website|site|webpage of your own
ask 150: an|any|another email|e-mail .1 address? of yours
ask 150: whats|what|wats .1 is? %your email|e-mail .1 address? .3 have|got .3 office|companys|business|agency .1 one|address|inbox
ask 100: if i|we .1 had|took|got %your .1 %adj? cell|number|mobile|digits|email|whatsapp
reach: i|ill .2 usually|always|mostly|often|normally .1 answer|pick .1 up? it|that|his|hers|first|faster|quicker
reach: im|i .2 the one who|that .1 answers|answer|picks|pick
nothird: i|ill .2 usually|always|mostly|often|normally .1 answer|pick .1 up? it|that|his|hers|first|faster|quicker
nothird: im|i .2 the one who|that .1 answers|answer|picks|pick
ask 90: your|ur own website|site|page|webpage|booking|link
nobypass 100: %skip .2 the .1 app|site|website|office|business .1 when|while|room|rug|floor|vacuum|carpet|desk|plants|update|notification|notifications|visit|park|hours|parking|district|door|building|trip|report
bypass 100: cut|cutting|cuts|leave|leaving|keep|keeping|kept|squeeze|edge|take|taking|push .2 %biz|them|%fees out
bypass 70: cut|cutting|leave|leaving|keep|keeping|take|taking out .2 %biz|middle
bypass 100: leave|leaving|keep|keeping|deja|dejamos|dejemos .2 %biz|them out|fuera
bypass 70: cut|cutting .2 middleman|middlemen|middle
bypass 100: no|without|dont|skip|lose|forget|drop|wo|not .1 need? .2 middle man|men|person|guy
bypass 70: go|going|work|working|get|getting|went|gone|workaround .1 around|behind|past|outside .2 %biz|them|theyre|their|system|fees
bypass 70: behind .2 %biz|their|theyre|there|bosss .1 back|backs
bypass 100: without|w/o|wo|sin .1 going|go|using|paying|involving|telling|having|pasar|usar|decirle|the|la|el|los|avisar|through|this|that|any|all .2 %biz|%fees|them|middle
bypass 100: without|wo|sin %biz|%fees|middlemen
nobypass 100: without .1 the .1 owner|owners .1 home|present|there|around|here
nobypass 100: without|sin .1 %your|his|her|my|its|the|su|mi owner|owners
bypass 100: instead|rather .1 of|than .1 going|through|using|paying|via|booking|the|by .2 %biz|them|here|this
bypass 100: not|never|dont|stop|quit|no|isnt .2 through|thru|via|using|use|por|in|on .1 the|this|that|la|an|your .1 %biz
nobypass 70: not|cant|isnt|doesnt|wont|dont .2 in|on|use|using|through the|this app|site|website|portal .1 yet|right|today|working|loading|showing|visible|correctly|because|it
bypass 100: outside|off|away|beyond|fuera .1 of|from|de .1 the|this|that|la .1 %biz|books|system|record|grid|payroll|clock
bypass 70: outside|off|away|fuera .1 of|from|de|the|this|la .1 app|platform|books|record|plataforma|aplicacion|system|site|payroll
nobypass 100: outside|off .1 of? .1 the|my|our|your|her|his|their .1 office|building|business|company|headquarters .1 door|building|window|entrance|park|parking|at|is|on|in|by|near|till|until|early|today|late|between|around
nobypass 60: away|outside|off .1 from|of? .1 the|my office
bypass 100: off|outside|fuera app|platform|books|plataforma|site
bypass 100: under|bajo|por|debajo .2 the|la .1 table|mesa
nobypass 100: under the table .1 is .1 his|her|their|where|he|she
nobypass 100: hide+|hid|hiding|sleep+|sits|sit|sitting|lies|lying|lay|crawl+|bed|crate|bowl|food|leash|toy|toys|box|go+|nap+|curl+|cat|dog|pup|he|she|they|its|ball|bowls|found|loves|likes|peed|pooped|stuck|ran|run|basket|rug .4 under the .2 table
bypass 100: off the|of books|clock|record|payroll
bypass 100: on|por .1 the|un side|lado
nobypass 80: on the side|right|left .1 of|door|gate|table|yard|porch|entrance|by|street|where|with|pocket|garage|near|house|fence
nobypass 80: gravy|sauce|food|dry|wet|kibble|leg|leaning|lies|lying|lay|sleep+|bump|lump|cut|scratch|rash|ribs|sore|spot|door|gate|entrance|key|lockbox|hose|parking|park+|driveway|fence|dressing|he|she|they|water|chicken|rice|broth|carrots|pumpkin .4 on the side
bypass 100: dont|doesnt|no|not|never|wont|without|needn't|neednt|shouldnt|didnt|cant .2 need|have|gotta|want|necesita|tiene|hay|necesitas|necesitamos .1 to|que|<n> .1 go|book|use|tell|involve|pay|pasar|know|usar|saber|inform|report|work|deal|mention|hear .2 through|thru|por|the|them|it|la|el|all|this|that|to|about|with .2 %biz|them|%fees|oficina|la
bypass 100: dont|not|never|no .1 let .2 %biz|them know|find|hear
bypass 100: dont|not|never|no .1 not? .1 need|have|tell|mention|inform|notify|say|digas|diga|cuentes|avises|avisar|decirle|les|le .2 this|it|anything|nothing|nada|to|the|that|le|la|a|al|este|esto .3 to|the|la|your|my|al|el|with|at .1 %biz
bypass 100: dont|not|never|no|shouldnt .1 tell|tel|inform|notify|le|les .1 digas|the|my|your|a|la|know .2 %biz
nobypass 100: dont|do|not|never .1 forget|hesitate|mind|worry .3 tell|let|call|mention
bypass 100: %biz|they|nobody|noone|no|ellos|nadie .1 one|doesnt|dont|does|do|will|wont|would|never|not|no|even|has|se|tienen|tiene|needs .1 not|even|ever|need|have|has|tienen|tiene|que|to|va|van|a .2 know|find|hear|notice|enterar|entere|saber|enteran|enterarse|see
nobypass 60: he|she|nobody|noone|they|no .3 know+|noticed|hear .2 how|why|where|what|when|him|her|that|if|whether
bypass 100: %biz|they .1 will|would|wont|is|are|never .1 never|not|ever|be? .2 know|find|wiser
bypass 90: secret|secreto .2 between|entre|from|ours|nuestro
bypass 100: just|keep|stay|stays|keeping|this|it|thats|be|arrangement|solo|only|que .2 between|entre .1 us|ourselves|nosotros|nos|usted|tu .1 and|y|two|dos|of|ok|okay|?
bypass 100: entre .1 nosotros
lean 50: between .1 us|you|ourselves
bypass 100: keep|keeping|stay|stays|kept .3 between .1 us|ourselves|nosotros
bypass 100: between ourselves
bypass 100: (do|keep|handle|settle|work|sort|arrange|figure|just|deal|run|did|leave|pay|make)? do|keep|handle|settle|work|sort|arrange|figure|just|deal|did|make|made|keeping|stays|stay|secret|agreement|arrangement|quiet .4 between .1 us|you .2 me|two|ok|okay|?|right|instead|so
nobypass 100: between|entre .1 you|us .1 and .1 the|house|my|your
nobypass 100: sleep+|slept|lay|laying|lies|snuggl+|cuddl+|nap+|sits|sitting|sit|bed|couch|fence|door|gate|street|block|distance|squeez+|stand+|barrier|divider .4 between us|you|ourselves
bypass 100: be|thats|keep|stay|its|remain .2 our .1 little? .1 secret
lean 60: our .1 little secret
nobypass 70: her|his|their .1 little secret
bypass 70: private|side|direct|separate|cash|our|off-app|under-the-table|independent|privado .1 own|little? sitting|sits|care|arrangement|arrangements|deal|job|jobs|gig|gigs|work|agreement|client|clients|booking|bookings|customer|customers|basis|trato|acuerdo|hire|thing|setup|visits|sits|walks
nobypass 100: private walks|visits|yard|area|room|park|street|road|drive
bypass 100: %hire .2 %me|%you|myself|yourself|conmigo|contigo|each .3 %directly|myself|off|outside|instead|cash|aparte|under|efectivo|yourself|sin|behind|side
bypass 100: %hire %directly .1 with|through|via|from|by|to|between|con|conmigo|contigo|next|and|for|so .1 me|you|us|u|him|her
bypass 100: %hire %directly with|conmigo|contigo
bypass 100: deal|work|book|go|communicate|talk|coordinate|sit|come|plan|do|contact|reach|message|text|call|schedule|arrange|pay|hire|trato|hablar|tratar .3 %directly .1 with|con|to|through|between .1 me|you|us|each|conmigo|contigo|ti|mi|u
bypass 70: contact|reach|message|text|call|txt|msg|hit|write|email|contactame|escribeme|llamame|hablame .1 me|us|up|you|u .1 %directly
bypass 100: contact|reach|message|text|call|txt|ask|contacting|texting|calling|messaging|reaching .1 out? .1 to? me|us|you|u .1 %directly
bypass 100: come|go|reach|deal|get|return|switch|turn|ask .1 straight|direct|right|directly .1 to|with .1 me|us|you
nobypass 100: directly|direct|straight .2 here|above|below|under|behind|into|on|across|from|at|onto|home|before
nobypass 80: call|text|contact|pay|message|reach|book|email .2 the|vet|vets|clinic|office|them|dr|landlord|building|super|neighbor .2 %directly
bypass 90: %directly .1 with|to|through .1 me|you|us|ourselves
bypass 80: %directly|instead .1 conmigo|contigo
bypass 100: conmigo|contigo .1 %directly
bypass 100: (you|we|i|u)? .1 %hire|pagas|pagues|cobro|cobrar .3 me|mi|you|us|u|te .3 cheaper|less|lower|discount|menos|barato|descuento|discounted
bypass 100: ill|i|id|could|can|would|will|te .2 charge|do|give|offer|cobro|cobrar|hago|watch|come|sit|walk|cost|dejo|doy .3 less|cheaper|lower|discount|menos|barato|better|descuento|mejor|deal|rate .3 if|when|for|sin|si|without|by|than|off|direct|through|que|cash|price|precio .3 %you|we|cash|direct|directly|this|book|through|pay|the|them|nos|me|pagas|efectivo|skip|private|my|la
bypass 100: less|cheaper|lower|discount|menos|barato|better|more|save|saves|saving|ahorras|ahorramos|ahorrar|savings .4 if|when|by|si .1 %you|we|u|it|its|going|i|booking|paying .3 direct|directly|cash|outside|without|private|privately|off|directo|skip|cut|through|efectivo|together|mine
bypass 100: they|office|company|app|agency|platform|business|compania|oficina|la|ellos|biz .2 take|takes|taking|took|keep|keeps|keeping|charge|charges|pocket|pockets|skim|skims|quita|cobra|quitan|se|get|gets|make|makes|adds|add .3 half|cut|percent|%|%fees|third|most|much|fortune|mitad|chunk|arm|all|so|bunch|profit|lot|30|20|40|25|15|50|extra|quarter|ton
nobypass 80: they|office|company|app|platform .2 take|takes|keep|get|gets|make|makes|keeps .3 so|most|all|much|a|lot .2 long|noise|fun|care|time|messy|pictures|photos|sleepy|excited|hair|naps|cold|forever|love|happy|hot|walks|the|naps|mud|sleep|water|space|noise|sick|tired|calls|messages
bypass 100: save|saving|saves|avoid|avoiding|dodge|split|pocket|ahorrar|ahorramos|ahorrarnos|ahorrate|evitar|evitas|skip|spare|beat|without|share|minus .3 %fees
nobypass 100: charge|charges|charged|cost|costs|take|takes|pay|paid .6 kennel|kennels|daycare|boarding|groomer|groomers|hotel|petsmart|chewy|airline|store|shop|vet|breeder|clinic
nobypass 100: kennel|kennels|daycare|groomer|groomers|petsmart|chewy|airline|vet|breeder|clinic .4 charge|charges|charged|cost|costs|take|takes
nobypass 90: fee|fees .2 for|if .2 cancel+|late|extra|holiday
nobypass 70: late|cancellation|adoption|parking|pet|entrance|license|cleaning|key|holiday|pickup|vet|additional|extra|any fee|fees
bypass 100: work+|sit+|come|walk+|watch+|care|job|trabajar|trabajas|trabajo .2 for|with|para|con|as .2 us|me|you|nosotros|mi|our|own .3 %directly|off|side|outside|instead|permanently|independent|nanny|fuera|privado|full-time|privately|without|aparte
bypass 100: on .1 %your|my|our own .1 time|terms|instead|without
nobypass 70: on his|her|its|their own
nobypass 60: on %your|my own .1 time
bypass 100: my|our|mi own .2 business|company|sitting|pet|clients|website|service|gig|walking|dog|negocio|app|practice|clientes|customers|dog-walking|pet-sitting|rates|prices
bypass 80: mi propio|propia negocio|empresa
nobypass 100: my|our own .1 dog|dogs|pet|pets|cat|cats|puppy|house|food|place .1 at|is|was|are|too|has|had|and|to|who|,
bypass 100: start+|open+|launch+|have|run|running|build+|grow+|setting .3 my|our|own .1 own? pet|dog|sitting|walking|little|small? .1 business|company|sitting|service|practice|agency|gig|negocio
bypass 70: side hustle|gig|business|job|jobs|work|client|clients|money|deal|deals
bypass 100: freelance|freelancing|freelancer|moonlight|moonlighting|independiente
bypass 100: independent sitter|walker|contractor
bypass 100: leaving|leave|quit|quitting|dejar|renuncio|left|done .2 the|this|with|them|la|here|el .1 %biz .3 come|follow|can|but|so|and|would|want|still|keep|if|pero|soon|book|stay
bypass 100: follow|come|go|switch|move|stay|continue|join|jump .1 with? me|us|over .2 when|after|if|once|private|privately|instead|to|outside|elsewhere
nobypass 90: follow|come|go|goes|follows|comes|stay|join .1 with? me|us .1 to|around|when|after|outside|if .3 the|bathroom|kitchen|everywhere|room|door|bed|house|park|walk|he|she|it|they|upstairs|couch|get|sleep|dinner
bypass 100: as .1 a|my|your|our .1 private|personal|direct|own .1 client|clients|sitter|walker|customer|customers|basis|dog
bypass 90: private|privately .1 sitter|walker|hire|client|clients|clientele|booked|hired|paid|instead
bypass 100: cancel|cancela|cancelar|cancelas|cancelamos|decline|delete|unbook|drop .3 on|the|this|in|la|it|your|booking|reservation|app|visit|reserva|next|my .6 and|then|y|but|ill|instead|so|still .4 %directly|anyway|cash|pay|me|private|come|myself|through|still|venmo|efectivo|conmigo|igual|vengo|voy
nobypass 100: cancel .6 and .3 rebook|reschedule|refund|credit|let|tell|give
bypass 100: (next|going|future|from|moving|the|rest)? .1 time|forward|on|future|now|onward|onwards|proxima|vez|adelante|siguiente|futuro|ahora .3 just|please|you|lets|we|i|can|solo|mejor|u|me|feel|simply|text|should|could|call .3 book|hire|pay|arrange|contact|ask|schedule|contratame|contacta|contratas|busca|pagas|use|go|deal .3 me|us|myself|through|conmigo|between|directly|direct|direct|you
nobypass 80: time|forward .4 ask|call|text|use|contact|pay .1 me|us .1 for|before|if|when|to|about|first|in|here|the
bypass 90: go|deal|book|work|pay|do|keep|handle|hire|arrange|settle|sort|figure|come|schedule|run .2 through|with|by|via|thru|between .1 me|us|ourselves|myself|mine .2 %directly|instead|next|alone|only|from|not|without|rather|ok|okay|?
bypass 100: %hire .2 through|with|via|thru me|us|myself|ourselves
nobypass 80: work+|keep|booked .2 with .1 me|us .2 on|about|here|and|so|to|for
bypass 100: no .1 app|office|agency|middleman|fees|fee|commission|company|website|platform|company|boss .1 needed|necessary|required|involved|just|and|cash|so|,|needed|?
nobypass 90: no app|fee|fees|office .1 notification|update|yet|today|for
bypass 100: take|move|bring|continue|keep|switch|talk|chat|discuss|finish|text|communicate|have|seguimos|hablar|hablemos|hablamos|platicar|platicamos|continuar|sigamos|do|coordinate|get .3 offline|elsewhere|outside|off|else|different|another|fuera|other|somewhere|private|privately|privado|lado|aparte|off-app|directly .2 app|this|here|platform|place|somewhere|channel|chat|aqui|offline|parte|thread|system
bypass 100: take|move|bring|lets|continue|keep .1 this|it|the|our|conversation|things|chat|talking|to .2 offline|elsewhere|private|off-app|off-platform
nobypass 90: take|bring|keep|move|let|do|get|took|have|brought|keeping|taking .2 it|him|her|them|this|things|the|dog|dogs|pup|cat|bowl|trash|bin|bins|toy|toys|shoes|leash|food .3 outside|off|offline|elsewhere|inside .2 the|for|in|on|to|when|at|before|after|leash|couch|bed|counter|table|here|her|his|during|more|often|first|again|every|and|of
bypass 100: talk|chat|text|communicate|speak|message|hablar|converse|connect|meet .2 somewhere|elsewhere|anywhere|off|outside|privately|otro|fuera .2 else|private|here|this|platform|app|of|lado|aqui|the|?
bypass 100: prefer|rather|easier|better|simpler|faster|id|like|love|mejor|cheaper|smarter|nicer .4 deal|work|book|pay|hire|talk|text|communicate|tratar|arrange|do|contact|handle|coordinate .3 %directly|privately|offline|personal|one|private|off|outside|personally
bypass 100: real|personal|private|actual|own|other .1 cell? phone|number|cell|line|email .3 instead|rather|not|so|is|easier|better|off|directly|where|and
bypass 100: text|call|message|contact|reach|use|txt|msg|hit|try .3 my|tu|your|mi .1 personal|private|real|actual|own|regular|direct|other|cell|old .1 phone|cell|number|line|one|email|celular|phone?
bypass 100: from|on|to|de|desde|a|al|al|using|via .1 my|mi .1 personal|private|real|regular|own .1 phone|cell|number|line|email|celular|numero|account
nobypass 100: my .1 own|old|personal|regular phone|cell|number .2 died|dead|broke|is|was|charger|cracked|charging|has
bypass 100: (left|put|wrote|leave|leaving|writing|tucked|taped|stuck|slipped|hid|dejo|deje|escribi|written|printed)? .3 my|mi .2 number|numbers|cell|cells|numero|digits|celular|contact|email|phone .1 number|info|is|esta|s? .2 on|in|under|inside|at|with|en|by|behind .4 %spot
bypass 90: my number|numbers|digits .1 is? .1 taped|stuck|written|pinned|tied|saved? on|in|inside|under|behind|by|to the|your|his|her|a
nobypass 90: my number .3 on|in|at .2 file|account|profile|system|form|record|booking|app|portal|office|contract
bypass 100: off|under|below|away .3 radar
bypass 90: %biz|they|nobody cant|cannot|mustnt|shouldnt know
bypass 90: cut|half|percent|most|money|share .1 of? .1 it? goes .1 to %biz|them
bypass 100: if .2 we|i|you|u .1 didnt|dont|not|skipped .1 go|book|work|pay|arrange through|via|with .1 the|your|this|them %biz
bypass 100: taped|left|put|stuck|hid|wrote|pinned|leave|leaving|slipped .4 with my number|cell|contact|info|digits
bypass 90: lets|we|us .2 deal|work|book|arrange directly|privately|direct
bypass 80: i sit|walk|board|work .1 on my own
lean 40: come|just find|get|see me
nobypass 100: with my number .2 for .2 %trade|%vet|%kin
nobypass 100: cant|cannot|wont|dont|not|never|shouldnt really|ever|just? .1 to|be? give|hand|giving out
nobypass 100: cant|cannot|not|dont|shouldnt .1 allowed? .1 to? .1 share|swap|exchange|sharing contact|personal|numbers|info|phone
nobypass 100: rules|policy|rule|policies|contract .1 say|says|said .1 no|not private|side|direct|outside
bypass 100: my|mi .1 business|personal|visiting|calling card|cards|flyer|tarjeta
bypass 100: left|leave|leaving|put|dejo|deje|grab|take|took|slip|tuck|find|check|see|hid .3 my|mi|our .1 card|cards|flyer|flyers|tarjeta|number|numero|business|cell|info|contact .2 on|in|under|at|with|by|en|for|is|esta
nobypass 100: my card key|keys|reader
bypass 150: card|cards|flyer|flyers|magnet|leaflet|brochure of mine|ours
bypass 150: my cards .1 under|behind|inside|beneath .3 bowl|jar|mat|kettle|pot|lamp|vase
bypass 110: put|left|wrote|leave .1 my details|contacts in|on|under|inside|behind|by .3 folder|binder|book|jar|drawer|fridge|counter|table|pad|sheet
bypass 150: one|some|couple of my .1 cards|flyers|magnets|leaflets
bypass 110: left|leaving|stuck|put|popped|leave .3 magnet|sticker|postcard|slip .3 with|w my .1 stuff|details|info|number|name|contact
bypass 110: leave|left|drop|pop|put .2 your .1 business? card on|by|with|under .3 counter|fridge|table|kitchen|hall|mat|me|us
bypass 110: do|have|got .1 you|u .2 have|got .1 a .1 business? card .2 you|i|we can|could .1 leave|have|take|keep|borrow
bypass 110: could|can|would you|u .1 leave|drop|give .1 me|us? .1 a|your|one .1 of|your? business card|cards
bypass 150: laisse|laissez|laisser|laissee|mis|mets|pose .2 ma|ta|votre|notre carte sur|dans|sous|chez|avec
bypass 110: deja|deje|dejame|dejeme|dejar .2 tu|su tarjeta en|sobre|con
nobypass 100: leave|left|keep|have your|my card on file|account
nobypass 100: only|just through|in|on|via|by .1 the|this|our app|office|site|website|company|agency|portal|invoice
nobypass 100: your card .2 declined|expired|charged|bounced|ending|ends|number
nobypass 100: my .1 credit|debit|key|sd|memory|insurance|id|access|library|gift|report|vaccine card|cards
bypass 100: you|u|ya|still|already|tu .1 still|already|ya|should|do|got|tienes|both .1 got|have|tienes|saved|know|kept|had .1 my|mi .2 number|cell|digits|numero|celular|contact|phone|info
bypass 100: same|usual|mismo .1 number|cell|phone|numero .1 as|from|i|is|still|works|que|works|text|call|
bypass 90: (google|bing|lookup)+ .1 me|my
bypass 100: google|googled|googling .1 me|my|mi
bypass 100: look|find|search .1 me .1 up .2 online|on|in|google|my|under|as|?
bypass 100: look|search|looking me up
bypass 90: google|search|type|bing|look+ .9 first|top|only|1st .2 result|hit|link|match|one .3 mine|me|my|i|us
nobypass 90: google|search|look .9 result|hit .4 recipe|vet|clinic|brand|breed
bypass 100: find|found|search .1 me|us|my|for .2 online|google|internet|web|webs|facebook|elsewhere|name
bypass 100: im|i .3 easy|listed|online|phonebook .2 find|phone|book|online|google
bypass 100: our|your|this|the .1 own|next|future .1 arrangement|agreement|deal|terms .2 without|outside|private|direct|cash|between
bypass 100: sin|fuera .1 pasar|de|usar|la|el|por|decir|que .2 la|el|por|de|con .1 oficina|app|agencia|empresa|compania|aplicacion|plataforma|jefe|jefa|intermediarios
bypass 100: no|nunca|sin .1 le|les .1 digas|diga|cuentes|avises|comentes|decir|contar .2 a|nada|al .1 la|el|los|ellos|nadie .1 oficina|jefa|jefe|agencia|?
bypass 100: trato|directo|arreglamos|arreglo|arreglar|arreglarnos|acuerdo|ponemos .2 directo|directamente|entre|conmigo|contigo|aparte|nosotros|privado
bypass 100: por|de .1 fuera|debajo|aparte|lado|manera privada? .2 de|la|que|sin|y|?
nobypass 60: por fuera .1 de|esta|la .1 casa|puerta|casa
bypass 100: te|le|les .1 cobro|sale|cobraria|hago|dejo|saldria .3 menos|barato|mejor|descuento|mitad|solo
bypass 100: me .1 puedes|puede|contratas|pagas|contrata|paga|pagar|contratar|contactas|contactar .2 directo|directamente|efectivo|aparte|privado|mi|fuera|contratar|sin
bypass 100: contratame|contrateme|contratarme|contratarte|contratarla|contratarlo .3 directo|directamente|sin|fuera|aparte|por|privado|mi|a|?
bypass 100: mas barato|facil|economico|conveniente .3 sin|directo|directamente|si|fuera|aparte|entre
bypass 100: be|become|making|make|have|want|hire+|need|like|love|get|take .3 our|my|your|a|us .1 regular|permanent|full-time|fulltime|own|private|personal|exclusive .2 sitter|walker|nanny|person|client .3 without|outside|directly|private|instead|off|privately|on
bypass 100: quit|leave|ditch|dump|drop|forget|lose|screw|bag|nix|forgo|scrap .1 the|this|that|la|your|these .1 %biz .3 and|so|next|just|instead|if|we|lets|altogether|ok|nonsense|thing|stuff|entirely|bs|completely|?|already
bypass 100: forget|screw|ditch|nix|forgo|scrap .1 the|this|these .1 app|agency|office|company|middleman|platform|website
nobypass 100: forget the .1 app|office .1 password|login|key|code|keys
bypass 100: who|does|why .1 needs|need|anyone|we|use|pay|do .3 the|an|these|this|them .1 app|office|agency|middleman|company|fees
bypass 100: who|why needs|need|bother|pay|use .2 them ?
bypass 90: you and|& i|me .2 can|could|should|just .2 work|figure|sort|settle|arrange|handle|agree|deal
bypass 100: work|figure|sort|hash|iron .2 something|it|this|things out .3 between|ourselves|directly|just|privately|you
bypass 100: no|sin .3 falta|necesario|necesidad|tienes|tiene|hace .4 oficina|app|agencia|compania|empresa|aplicacion|jefa|jefe
bypass 90: cancel+ .3 with|on|through them .5 i|we|and|then
bypass 100: pay|give|offer|paying|match|beat .2 you|u|me .3 more|extra|plus|better|double|top .2 than|of .2 they|%biz|them|that
bypass 90: what|how .1 much? .2 they|%biz|them .1 pay|paying|give|giving you
bypass 100: %spot|look|check .6 how|where .1 to|you .1 can? get|reach|contact|find .3 me|us
bypass 100: skip|cut|lose|without|forget the middle
lean 50: cheaper|discount|barato|cheap|savings
lean 40: less|save|saves|saving|lower .3 for|money|than|if|you|per|?
lean 50: on|by my|your|our own|self
lean 40: %directly|privately|personal|private
lean 50: %fees|commission|40%
lean 40: go|going|get|getting .2 around|past it|that|them|this
lean 60: who|nobody|noone|whos|whod|no .2 will|would|gonna|ever|has|going|to|one|d? .2 know|find|notice|tell
lean 60: contract|noncompete|policy|rules|allowed|supposed|terms|tos .4 no|not|but|dont|cant|against|break|bend|technically|say|says
lean 40: instead|rather|not them
lean 40: not %biz
lean 30: next|future|after|once|later time|trip|month|on|this|that
lean 40: you and|& i|me
lean 40: cash|venmo|zelle
lean 40: dont|do|no|never|not|without .3 want|need|like|have|point|pay|use .3 %biz|%fees|them
lean 40: i|we|id|wed .2 rather|prefer|want
lean 50: tell|mention|say|telling .3 anyone|anybody|nobody|noone|boss|them|%biz
bypass 100: ask for me|myself|us .1 %directly
bypass 90: just|only|simply|rather|can|could book|hire|pay|booking with|through .1 me|you|u|us
bypass 80: hire|poach|employ you|me|u|us
bypass 70: book|hire|pay|arrange|booking|booked|hired outside|elsewhere|privately|independently|unofficially|yourselves|themselves
lean 60: steal you|me
lean 50: ask|book|hire|call|text|pay .2 you|me|us .1 myself|yourself|yourselves|ourselves
bypass 100: call|text|ask|contact|message|come|go|write|talk|reach .2 me|you .4 before|instead|rather|not .3 %biz|them|desk
bypass 100: dont|not|no|never|stop .1 need .2 call|text|ask|contact|tell|message|bother|use|with .3 %biz|desk|them .2 call|text|ask|contact|message|book|hire|deal|just|ill|we|i .2 me|you|with|directly|deal|figure|can
bypass 100: dont|not|no|never|stop .2 call|text|ask|contact|tell|message|bother|use|with .3 %biz|desk|them .2 call|text|ask|contact|message|book|hire|deal|just|ill|we|i .2 me|you|with|directly|deal|figure|can
bypass 90: me|you|ti|mi|us .1 and|y? not|no|instead|than|que .3 %biz|them|desk|compania
nobypass 80: me|you|us .2 than|not .2 he|she|it
bypass 100: money|pay|paying|pagarte|pagarle|pago|cash .4 you|me|ti|us .2 than|not|que|instead .3 %biz|them
bypass 100: why|silly|dumb|crazy|pointless|stupid|waste|hate|tired|sick .3 pay|use|give|paying|using|giving .3 them|%biz|30|%fees|percent|so
bypass 100: off|from .1 the? invoice|record|books|log|system|schedule .1 ?
nobypass 100: off|from .1 the? record|system|schedule .3 player|sounds|today|tomorrow
bypass 90: no|without .1 an|a|any|formal? .1 invoice|invoices|paperwork|booking|bookings|receipt .1 needed|no|just|and|nobody|so|required|necessary|ok|problem|me|?
bypass 100: dont|not|no|never|without .4 log|report|record|put|add|register|enter|logging|reporting|adding .4 app|system|hours|booking|invoice|office|books|site|website|portal
nobypass 100: not|dont|cant|didnt|wont .3 log|see|show .3 in|on|into .2 app|system|site
bypass 90: need|have to log|report|record|register .1 it|them|that|this|hours
bypass 90: pay|paid|paga|paying|pays|settle .2 me|you|us .2 in|by .1 person|hand|themselves|yourself
bypass 90: straight|right|directly|money|cash|all .3 in|into|to .1 your|my pocket|wallet
bypass 100: cash|pay|paying|paid|pago .3 in|en hand|mano
bypass 80: in hand works|ok|is|?
lean 50: hand|give|leave|slip .2 me|you? .1 the? money|cash|rest
lean 50: pay .1 me|you .2 the? rest|difference|cash|instead|separately
lean 60: square|settle .1 up
lean 50: settle .2 with .1 you|me
lean 40: take care of you
bypass 100: keep|keeping|stay|stays .3 to|between ourselves
bypass 100: wont|promise|dont|never|not .3 tell|say|telling .4 %biz|boss|them .1 ?
lean 50: wont|never .1 tell|say
lean 60: mums|hush|hushhush
lean 40: do|come|watch|stay|whole .4 for|at|give <n>
lean 40: <n> .2 an|a|per|la|flat|each .1 hour|visit|hora|flat|walk|night
lean 40: bonus
bypass 90: going|go|went|gone|thinking .2 solo|independent
bypass 100: go|going solo|independent
bypass 90: leave|quit them|%biz .4 follow|tell|come|with
bypass 80: cant|wont|not|couldnt .2 write|type|send|share|put .2 it|that|this|my|number .2 here|blocked|gets|app|on
bypass 90: blocks|filters|hides|deletes|removes .1 numbers|phone|contact|digits
bypass 90: it|this|chat|thread|messages|app|texts .2 gets|is|are|be|get .1 blocked|monitored|filtered|flagged|recorded|censored
bypass 100: left|leave|taped|put|write|wrote|slip|tell|give|hand|dejo|deje|show|leaving|stick|stuck|pin|pinned|text .2 you|u|le|te? .1 my|mi|our .1 %adj? number|contact|digits|cell|numero|celular
nobypass 80: my .1 %adj? phone|cell .2 charger|down|on|away|in .2 charge|silent|charging|car|pocket
bypass 100: number .1 is? on .3 tag|collar|sheet|card|fridge|note .4 text|call|use|ill|from
bypass 100: save|take|use|grab|copy|get|keep .2 my|your number .3 from|off|on .3 %spot|tag|card
bypass 100: my|our .1 flyer|flier|leaflet|brochure
bypass 100: business card|cards
bypass 90: stay|keep|get .1 in touch .5 outside|not|once|off|through|privately|without|later|way
bypass 90: way .2 to .1 stay|keep|get in touch
bypass 90: talk|chat|message|text|pay|communicate|hablemos|hablamos|speak .3 another|other|different|some|otro .1 other? .1 way|lado|place|channel|medio
bypass 90: other|another|different way .1 to pay|text|call|contact .1 you|me
lean 60: aqui|they|boss|manager|office .3 nos|read|reads|see|sees|lee|leen|monitor .3 thread|messages|chat|here|these|leen|?
bypass 90: aqui nos leen|ven|vigilan
bypass 90: away|behind|private .1 from? .1 your|my|the|mi|tu boss|manager|jefa|jefe
bypass 70: take|takes|charge|clients|families|rate|do|work|walk|sit|pay|us|hire|book .4 privately
bypass 90: private|direct .1 rate|rates|clients|families|customers|client|family|clientele|practice|booking|sitter
bypass 90: own clients|customers|regulars|rate|rates|business|pricing
bypass 90: business|thing|service|clients|company of my|your|mine|yours .1 own?
nobypass 90: none|whole .1 of my|your business
bypass 90: regulars|clients|neighbor|families|customers .4 pay|book|hire|pays|books|hires .2 me|themselves|privately|directly
bypass 90: close|cancel|end|drop|stop|closing|ending .1 my|your|the|our? .1 account|plan|subscription|membership|contract .6 still|keep|anyway|hire|continue
bypass 90: cancel|cancela|cancele|cancelas|cancelo .4 and|y .1 te|yo|voy|lo|i|ill|we .2 igual|pago|hago|voy|anyway|still|do|come|watch|pay
lean 60: tell|say|digas .3 them|%biz .5 dont|done|found|moving|quit|no
lean 50: come|keep|still|work|ill|voy .3 anyway|still|walking|directly|igual
bypass 90: contract .4 ends|end|over|up|expires|runs
bypass 90: non|no compete|poach|poaching|solicit|solicitation
bypass 100: get|take|lure|steal|win you|me away
lean 60: no app|agency|middleman|middlemen|company|fees|fee|office
lean 60: clock|after .1 out|hours|shift
lean 60: off the clock
bypass 100: they|%biz|company .3 give|pay|gives|pays|paying me|you|us .3 <n>|half|only|peanuts|little|less
bypass 100: they|%biz only give|pay|gives|pays
bypass 100: pay|give|paying .1 you|me .3 what .3 pay|paying|give them|%biz
bypass 90: money .3 goes|go|going .1 straight|all? to me|you|us
bypass 90: charge|cost|rate|pay .3 directly|privately
bypass 90: unofficially|unofficial|informally|extraoficial
lean 50: against .1 the rules|policy
lean 50: dont|not|rather|hate .4 go|going through .4 booking|process|office|thing|app|site
lean 50: just|can .4 agree|tell|arrange|fix|set|dime .3 dates|days|times|fechas
bypass 90: handshake|gentlemans|verbal|side|backdoor|cash|secret deal|deals|agreement|arrangement
bypass 100: por mi|tu|su cuenta
bypass 100: a mi|ti .2 no|que a .1 la? %biz
bypass 100: no|sin .2 enteren|entere|enteran|enterarse|entera
bypass 90: localizo|contacto|hablo|escribo|llamo|contactarte|hablarte|escribirte .2 fuera de aqui
lean 50: just .1 you|u|me and|& .1 me|you|u|i
lean 50: between me and you|u
lean 60: do business
lean 50: you know .1 where .1 i live
lean 50: just .3 knock
bypass 90: cheaper .1 way|ways|option .2 to|of .2 have|get|book|hire me|you
bypass 90: without|sin|skip the|el service|servicio|booking|scheduler .1 ?
lean 60: between friends
lean 60: not|no .1 a booking|official
lean 30: favor
bypass 100: %skip .2 service|official|booking|process|website|scheduler
bypass 90: days|hours|visits|nights|time|extra .3 dont|not|wont log|report|record|book|invoice
lean 50: hate|annoying|tired|sick|annoyed .3 %biz|site|process|fees|booking
bypass 100: %biz .2 doesnt|dont|not|neednt|wont .2 need|have|be .2 be involved|part|included|told|involved
bypass 90: charge|cost|rate|much .5 just you|me .1 ?
bypass 100: not|never|isnt|skip|without .2 through|thru|via .1 %biz|them
lean 60: rest|other|others|<n> with me|you
lean 50: with|through them
bypass 90: clients|jobs|work|dogs|pets .3 outside .1 of? .1 work|here|this|that
bypass 90: wont|not|isnt .3 with|at .1 this|the|them %biz .2 longer|anymore|soon
bypass 100: steal|take|get|lure you|me .2 from|away .3 %biz|them
bypass 100: no app|agency|middleman|middlemen|company|fees|fee|office .1 no app|agency|middleman|middlemen|company|fees|fee|office|invoice|booking
bypass 100: no app|agency|middleman|middlemen|company|fees|fee|office .2 just me|you|us
bypass 100: pay|paying .1 you|me .1 straight|direct
bypass 100: outside|off .1 of? this|the thread|chat|conversation
bypass 90: sort|arrange|settle|handle|plan|organize .4 directly
bypass 190: number|numbers|cell|digits|numero|celular|movil|contact s|is|are|esta|est? .1 on|in|under|inside|by|behind|en|sur|am|bajo|na .4 %spot .6 text|call|ring|message|add|save|use|instead|direct|directly|escribe|escribeme|llama|llamame|ecris|appelle|me|emo_wink
bypass 190: my|our .2 number|cell|mobile|digits|contact .1 is|are? on|in|under|inside|by|behind .4 %spot .6 so|and you|u .2 can? text|call|ring|message|add|save|use|reach
bypass 100: mi|mon|mein|meine|meu .1 numero|celular|telefono|movil|nummer|handynummer|cel .1 esta|est|ist|is|hangt .1 en|sur|an|am|na .3 %spot
bypass 190: my|mi|mon|our .2 number|cell|digits|numero .2 in|on the|a|that photo|pic|picture .3 left|sent|put|table|counter
nobypass 100: my|our .2 number|cell|phone .3 tag|collar|chip|harness .3 in|if .3 gets|get|runs|lost|out|escapes|slips|bolts|wanders|missing
ask 100: ^ (do)? (you)? want|need|take my|our cell|mobile|digits|celly ?
bypass 100: my card .2 is|on|in|under|by|behind .4 %spot|jar
bypass 100: contratar|contratarte|contratarla|contratarlo|contratarle|pagarte|pagarle|reservarte|llamarte .2 directamente|directo|aparte|privado|fuera|sin|personalmente
nobypass 100: him|her|it|he|she|cat|dog|them|snuck|door .4 in|into|by|from|of .1 the|my home? office
nobypass 100: home office
nobypass 60: i|well|we|ill|please|yes|will|lets ask|call|contact|tell|message|book|email .2 the|with|through .1 the? office|app
bypass 90: %biz .2 doesnt|dont|neednt|wont|isnt|not .2 have|need|be .1 to? .1 be? .1 in|part|involved|included
bypass 90: do|work|sit|walk|book|take .4 independently|freelance
bypass 70: go|going|went|gone direct
bypass 80: if .1 they|%biz|boss|anyone|anybody .1 ever? .1 finds|found|find|knew out?
bypass 100: contactame|escribeme|llamame|hablame|buscame|contacteme|llameme|escribame|marcame .1 %directly
bypass 100: dont|not|without|never|no .1 need? .1 to? .1 involve|involving|include|including|loop|looping .2 %biz|them|anyone
nobypass 80: i|we dont use the? app .2 much|often|a|well|at
nobypass 100: he|she|it|hell|shell|itll|dog|cat|they|theyll .3 come|go|run|goes|comes|runs|ran|went|walk|walks .2 directly|straight|right
nobypass 100: phone|cell charger|case|cord|battery|stand|plug
bypass 100: rather|prefer|want|like .2 you .1 paid|pay|hired|hire|booked|book|asked me|us
bypass 100: %skip .2 system|rules|filter
bypass 90: lets|can|could|should|we|just .1 do|handle|arrange .6 on our own
bypass 90: contact|reach|text|call|message|write .1 to? .1 you|me .2 outside .1 of? .1 work|this|here|it
bypass 100: te|le|les pago|pagaria|pagare|pagamos .1 directo|directamente|aparte
bypass 100: poach|poaching|noncompete|non-compete|noncompetes|moonlight
bypass 100: what|que .1 the|la|el|they|ellos .1 office|company|agency|app|boss|oficina|no|dont|doesnt .1 dont|doesnt|no .1 know|sabe|saben|see
bypass 100: one|1|uno on|a|to one|1|uno
bypass 100: less|cheaper|save|saves|saving|lower|barato .5 without|skipping|outside|sin .2 them|%biz|%fees
nobypass 100: off|on|from the lead|leash|couch|sofa|bed|counter|table
nobypass 100: off the books .6 those|chew|chewed|shelf|sofa|couch|table|library|he|she
nobypass 100: on the side .3 with|of|for .1 your|my|the .1 name|bowl|fridge|sink|house
nobypass 90: (used|ran)? used to .1 run|have|own .1 my|our .1 own
nobypass 90: poach|poached|poaching .3 chicken|egg|eggs|fish|plain|salmon
nobypass 90: poach it|them|plain
nobypass 90: how|can|could|do|does .2 i|we|you|people tip .1 you|him|her|them .4 app|office|site|portal|add
nobypass 90: tip .6 office|app .2 add|adds|charge|put|include
nobypass 90: buy|buying|bought|ordering|order .6 middle|middleman|middle-man|direct|right|straight
nobypass 90: middle|middleman|man .10 buy|buying|bought|farmer|hay|kibble|factory|breeder|store|supplier
nobypass 90: follow|follows|followed me .3 once|when|until|up|down|in|car|truck|van|upstairs|around|inside|into|there
// Who declines, and says where it is done instead.
nobypass 100: not|isnt|arent|cant|cannot|never|dont|wont allowed|able|permitted .1 to .1 share|give|swap|exchange|take|do|accept|send .2 my|mine|our|side|private|cash|personal|outside|numbers
nobypass 100: cant|cannot|wont|dont|not|never .1 take|do|accept side|private|outside|cash .1 work|jobs|job|clients|bookings
nobypass 100: rather|prefer not .6 here|app|chat
nobypass 100: must|always|to|gotta say|said no
nobypass 100: i|id|we|wed never|wouldnt|couldnt .1 go .1 behind|around|past
nobypass 100: he|she|they pays|paid me .1 in|with %coat|slobber|kisses|licks|drool|purrs|hair|fur|cuddles|snuggles|headbutts|wags
nobypass 100: never|wouldnt|wont .1 ever? .1 ask|want|expect you .1 to .2 pay|book|go|text|call
nobypass 100: scam|phishing|fraud|scammer
nobypass 100: reported .1 it|this|them|him|her|that .2 to
nobypass 100: cant|cannot|not .1 pay|tip you .2 outside|off
nobypass 100: can|could|please|just .1 book|request .2 in|through|on|via .1 the app|site|website|portal
nobypass 100: booked|requested .2 you|her|him .2 in|through|on|via .1 the app|site|website|portal
nobypass 100: what .1 happens .1 if .1 somebody|someone|anyone|people|anybody
nobypass 100: what happens if .1 a client|sitter|customer
nobypass 100: request|book|ask .1 for? .1 me .2 by name .4 in|on|through|via .1 the app|site|website
nobypass 100: through|via .1 happy|the .1 app|company|office|site .1 only|pls|please|always
nobypass 100: app|office|company|site only .1 pls|please|thanks|sorry
nobypass 100: isnt|not|against|wouldnt .1 be? ok|okay|right|allowed .6 say|have|sorry|no|insurance
nobypass 100: private|staff|side|service|rear entrance|entry|door|gate|driveway|patio|garden|courtyard|bathroom|lot
nobypass 100: put|add|enter|log .1 it|that|them|this .2 into|in|on .1 the app|system|site of course
nobypass 100: one on one .1 time|with|play|walk|attention|training
bypass 90: pay|paying|paid|pays|charge|settle|pagas|pagar|pagame|pagarte|pago .2 me|you|us|u|te|him|her|up|sitter|directly .2 in|with|by|con|en .1 cash|efectivo
pay 100: pay|paying|pays|give|giving|slip|hand|settle|pagas|pagar|pagame|pagarte|pago|leave|do|paid|prefer|take|accept|love|like|use|using|send|bring .3 cash|efectivo .2 instead|directly|direct|under|off|only|next|so|?|rather|and|without|works|better|sin|en|if|discount|skip|each|every|ok
pay 70: cash .2 is|works|would|only|instead|discount|under|and|directly|direct|ok|okay|fine|preferred|en|off .2 fine|ok|okay|better|best|great|easier|preferred|me|good|works|skip|for|the|no|mano|cool|rules|king|the|i|we|cheaper|table|books|perfect
nopay 100: cash .3 counter|jar|envelope|drawer|groceries|pizza|food|register|treats|emergency|emergencies|taxi|uber|litter|meds|refund|drawer|parking|vet|laundry|tolls|supplies|cow|crop
nopay 100: cash|money|efectivo .1 on|in|under|by the|my|your|a
nopay 100: petty|left|leave|leaving|found|emergency|some .1 cash
nopay 70: tip|tips|tipped .3 cash
pay 80: pay|paying|pays|pagas|pagar|pagame|pagarte|settle .2 me|you|us|u|te|him|her .2 %directly|yourself|outside|under|off|instead|through|separately|on|privately|aparte|myself|cash|efectivo
pay 90: wire|transfer|deposit|transferir|transfiere|depositar|depositame|transfiereme|transferencia .3 me|you|account|bank|directly|cuenta|money|it|payment|directa|mi|to

// --- payment services
pay 100: do|take|use|accept|have|via|by|over|got|with apple|google|samsung cash|pay
pay 100: bitcoin|btc|crypto|venmo|zelle|paypal|cashapp|cash accepted|welcome|works|preferred
pay 100: kofi|ko-fi|patreon|buymeacoffee|gofundme
bypass 100: a usted|ti|mi|vos .1 y|en|que no|vez|lugar .1 de? a? .1 la|el|los|ellos .1 %biz
bypass 100: efectivo .3 a usted|ti|mi
%banky = iban swift bic clabe cbu cvu bsb ifsc routing sortcode rib konto kontonummer girokonto chave pix-key micr
%paysure = venmo vnm venmod zelled cashapped paypaled paypalled venmos vemno vnmo venm venmoo zelle zell zelles zele cashapp cashap cashapps paypal paypall paipal peipal payple paypol pepal payp applepay gpay googlepay payoneer revolut wisepay bizum mercadopago nequi pix yape yapeo yapear yapeame yapeas plin cashtag twint blik tikkie tikkies bancontact payconiq interac etransfer e-transfer payid paytm phonepe gpay upi bhim promptpay duitnow gcash paymaya alipay wechatpay mpesa m-pesa bkash nagad easypaisa jazzcash daviplata picpay satispay mobilepay vipps swish swisha monzo n26 bunq starling bizumear bizumeame transferwise wisetag paytag venmoed skrill westernunion moneygram remitly xoom qiwi coinbase metamask btc usdt usdc eth litecoin ltc solana monero revtag pixkey vemo venmi
%payverb = send+ pay+ tip+ zap shoot+ transfer+ request+ charge+ reimburse+ wire+ drop+ throw toss+ slide
anypay: %paysure
anypay: cash app|ap|tag
anypay: chime|klarna|wero|curve|starling sign|tag|me|account|id|handle|name
pay 100: chime|zel|zell|venm|vnmo|wero|papal|paypel me
pay 100: your|ur|yr|my|tu zel|zell|zele|venm|vnmo|wero|chime .1 info|name|id|tag|?|account|details|is|number|user|email
anypay: v|blue|green|money|payment|pay|payments|transfer|cash|p2p app
anypay: app|one with .1 the|a v|z
anypay: dollar|cash sign|tag
anypay: cashtag|paytag
anypay: %banky
pay 100: my|mi|mon|meine|mein|the|use|to|here|heres|send|your|tu|with|by|via|need %banky
pay 90: %banky .2 is|:|=|<n>|number|no
pay 90: sort code .3 <n>|account|and
pay 100: account|acct|acc|cuenta|konto|rekening .1 number|no|num|nr|numero? .1 is|:|es? <n>
pay 100: bank|transfer|wire|deposit+|ping|zap|shoot|send .3 me|us|to .2 account|acct|iban|bank|wallet|cuenta|konto
pay 100: bank .1 it|that|the|them? .2 to|into .1 me|my
pay 100: chuck|put|pop|drop|stick|send|pay|whack|throw|move .3 straight|right|directly .1 in|into|to .1 my|your account|acct|bank|cuenta|wallet|pocket
pay 100: in|into|to|onto my|mi account|acct|bank|cuenta|wallet
nopay 100: card|vet|office|company|refund|deposit|salary|paycheck|money|rent .6 in|into|to my account
pay 90: make|write|made|writing .3 check|cheque|cheques|checks .2 out .1 to .1 me|you|my|us|both|<N>
pay 90: check|cheque|checks|cheques .1 made .1 out|payable .1 to .1 me|you|my|us|your
pay 100: sort .1 code? <n> .5 acct|acc|account|ac .3 <n>
pay 90: make|made it payable to me|my|us|you
pay 90: qr .8 account|pay|payment|tip|money|wallet|me|venmo|mine
pay 90: scan .5 pay|tip|payment|account|wallet
nopay 100: office|company|agency|business .4 qr|cheque|check|account
pay 100: %paysure|yape|bizum|twint|swish|tikkie|upi .2 me|you|oder|or|o|ou|works|goes|mig|mich|moi|karo|kar
pay 100: te|le|les|ich|je|jag|mi|me|i|ill|we|ti yapeo|yapeas|bizumeo|twinte|swisha|tikkie|venmo|zelle|paypal|bizum
pay 100: spend|hacer|hago|haz|hazme|mandame|manda|me .2 un .1 bizum|yape|pix|plin
pay 100: last|first|any|either|all .2 of .1 those|them|the .3 best|easiest|fine|works|works
anypay: pay pal
pay 100: my|your|ur pay|payment|tip app|tag|qr|handle|username
pay 100: my pay|payment|tip link
pay 100: gift card|cards .9 instead|lieu
pay 100: gift card|cards .9 in place of
pay 100: pagame|pagueme|paguenme .1 a? .1 mi|nosotros? .1 directo|directamente|aparte|fuera
pay 100: give|hand|slip|pay|bring .1 me <n> .4 square|even|quits
pay 90: your|my|ur|send|provide|share|need bank|banking details|info
ask 100: your|ur linktree|carrd|beacons
anypay: momo|lydia|gopay account|number|id|pay|wallet|app|transfer
pay 100: via|by|mtn|use|accept|take momo|lydia|gopay
pay 100: momo me|us|you
anypay: apple|google|samsung|amazon|facebook|meta pay
anypay: ven mo
anypay: bitcoin|btc|crypto|ethereum|dogecoin|usdt
pay 100: %paysure|venmoing|zelleing|zelling|paypaling (to|with|for|over|or|and|is|from|app|can|directly|straight)? me|us|you|u
pay 100: %paysure|venmoing|zelleing|zelling|paypaling .1 him|her|it|?|that|the|works|ok|is|to|directly|account|handle|tag|name|@|=|instead|if|or|:|accepted|and|for|para|a|then|por|friendly|user|username|over|at|al|on|app|link|code|request|id|under|too|as|only|preferred
pay 100: cash app|tag me|us|you|is|it|?|@|=|or|works|name|handle|instead|too|for|:|to|if|ok
pay 100: my|mi|your|our|tu|his|her .1 %paysure
pay 100: my|mi|your|our|tu .1 cash app|tag
pay 100: my|mi|your .1 pay|bitcoin|btc|crypto pal|wallet|address
pay 100: (do|can|could|would|will|you|u|i|we)? .3 take|accept|use|have|got|do|prefer|like|send|pay|tienes|aceptas|usas|acepto|tengo|tiene|using|sent|through|via|by|with|on|over|por|thru|over|paid|con|wanna|en|to|owe|just|throw|toss .3 %paysure
pay 100: take|accept|use|have|got|prefer|send|pay|tienes|aceptas|usas|acepto|tengo|through|via|by|with|on|over|por|over|con .3 cash|pay app|pal
pay 100: take|accept|use|have|got|prefer|send|pay|through|via|by|with|over|your|my|i .3 apple|google|samsung|meta|facebook|g pay
pay 100: pay|send|take|accept|use|prefer .3 bitcoin|btc|crypto|usdt|ethereum|paypal
pay 100: (venmo|zelle|cashapp|paypal)? friends and|& family
pay 100: %payverb .2 me|you|us|him|her|u .3 %directly|on|via|through|by|over|to|at .3 %paysure|bank|account|card|phone|my|personal|routing
nopay 100: %paysure .2 office|business|company|fraud|scam|scammers|outage|stock|customer
nopay 100: office|business|company|invoice|invoices|agency .3 %paysure
nopay 100: office|business|company|app .2 take|takes|accept|accepts|use|uses .4 %paysure|apple|google|cash
nopay 60: apple|google pay .2 at|for .1 the|store|gas|petco|petsmart|vet
nopay 100: vet|store|petsmart|petco|groomer|landlord|roommate|sister|neighbor|kennel|breeder|clinic|coffee|restaurant|taco|truck|farmers|market|cafe .5 take|takes|accepts|accept|venmo|zelle|use|uses|owes|owed .3 %paysure|apple|me|google|venmo|us
nopay 100: paid|venmoed|sent|owe|owed|pay|venmo+ .3 my|the|his|her .2 vet|groomer|landlord|roommate|sister|brother|neighbor|breeder|mom|office|friend|dad|cousin|coworker|trainer
nopay 100: never|dont|doesnt|not|no|wont .2 use|have|take|do|accept|need|allowed|got .2 %paysure|cash .3 we|only|ever|i|sorry|so|thats|through|please|because|anymore|the
pay 100: my|mi|here|heres .2 routing|account|iban|bank|sort|clabe|cuenta .1 number|account|is|code|info|details|bancaria|for
nopay 100: %paysure is .1 the|his|her|our .1 name|dog|cat
nopay 100: cant|cannot|not .1 pay|tip you .2 outside|off
nopay 100: never|wouldnt|wont .1 ever? .1 ask|want|expect you .1 to pay
nopay 100: scam|scammer|phishing|fraud
nobypass 100: handbook|policy|contract|rules|terms|rule is|are|says|say .1 clear|strict|no|not|we .9 isnt|not|no|never|cant|wont
nopay 100: she|he charged|charges|charge .4 lemonade|cookies|cookie|chores|tooth
nopay 100: he|she|they pays|paid me .1 in|with %coat|slobber|kisses|licks|drool|purrs|hair|fur|cuddles|snuggles|headbutts|wags
// Animals that are named after a service.
%breed = beagle pug poodle lab labrador retriever golden husky collie corgi dachshund terrier spaniel bulldog boxer shepherd chihuahua maltese pomeranian shihtzu schnauzer doodle labradoodle goldendoodle cockapoo whippet greyhound mastiff rottweiler doberman dane pitbull pittie mutt siamese persian ragdoll bengal sphynx kitty pooch doggo tabby tortie calico canary ferret hamster gerbil
nopay 100: %paysure|cash|monzo|wise|pix|bizum .1 the %breed
%tended = walked brushed bathed groomed petted medicated cuddled snuggled scratched leashed crated
nopay 100: %tended .2 %paysure|cash|bizum|swish|twint
noplatform 100: %tended .2 %sure|signal|line|snap|yahoo|google
nobypass 100: %tended .2 yahoo|google
nopay 100: %paysure|bizum|swish|twint slept|napped|rolled|stole|sang|hid|chased|drank|snuggled|growled|wagged|played|vomited|sleeps|hides|drools|drooled|zoomed
noplatform 100: %sure|signal|snap slept|napped|rolled|stole|sang|hid|chased|drank|snuggled|growled|wagged|played|vomited|sleeps|hides|drools|drooled|zoomed
nobypass 100: my|our number .2 be|get|is|gets .1 shown|visible|seen|shared|hidden|displayed
noplatform 100: %sure|signal|line|snap|yahoo|google the %breed
nopay 100: %paysure|cash|pix|bizum is|was .1 the|my|a|our|such .2 %breed|boy|girl|kitty
nopay 100: my|our|the|your|his|her .1 %breed|%fanimal .1 would|could|will|can .1 %paysure
%coat = orange tabby tortie gray grey black white brown calico spotted striped ginger fluffy chubby
%does = barking meowing purring asleep sleeping hungry peed pooped ate eats licked chewed hissed hissing naps napping snoring limping
nopay 100: %paysure|cash .6 named|names|called|name .3 %fanimal
nopay 100: %fanimal|kids|daughter|son|teenager|kid .4 named|names|called .8 %paysure|cash
nopay 100: %paysure|cash is|was .1 the|my|a|our .1 %fanimal|%coat
nopay 100: %paysure|cash the %fanimal|squirrel|chinchilla|hen|mouse|rat
nopay 100: %paysure|cash .1 is? %does
noplatform 100: %sure|signal|line|snap .6 named|names|called .3 %fanimal
noplatform 100: %sure|signal|line|snap .3 name .1 of .3 %fanimal
noplatform 100: %fanimal|kids|daughter|son|teenager|kid .4 named|names|called .8 %sure|signal|line|snap
noplatform 100: %sure|signal|line|snap is|was .1 the|my|a|our .1 %fanimal|%coat
noplatform 100: %sure|signal|line|snap the %fanimal|squirrel|chinchilla|hen|mouse|rat
noplatform 100: %sure|signal|line|snap .1 is? %does
noplatform 100: (%sure)? %sure|signal|line and|& %sure|signal|line play|fight|cuddle|together
// Streets, sights and things that share a service's name.
noplatform 100: signal|line|threads|discord|messenger|telegram|snap|zoom|matrix|slack|skype|facebook|instagram|tiktok hill|street|st|road|rd|ave|avenue|lane|park|pole|poles|box|bag|bags|creek|mountain|point|peak|sticker|stickers|toy|fire|light|lights|tower|horn|fence|mug|hoodie|shirt|cushion
// Who says that one may not.
noplatform 100: cant|cannot|wont|dont move|switch|go|talk|chat|use .1 over? .1 to? .1 %sure .6 rule|rules|policy|allowed
noplatform 100: hacked|hacking|stole|cloned|lost|deleted|deleting .2 my|out|of .1 %sure
nopay 100: never|dont|doesnt|not use|have|take|touch|do %paysure .1 or|and any|anything
nobypass 100: not|isnt|arent|never .1 comfortable|okay|happy|keen|willing .1 paying|doing|going|moving|taking|booking|arranging .3 cash|outside|off|private|privately|behind|around|without
nopay 100: not|isnt|arent|never .1 comfortable|okay|happy|keen|willing .1 paying|doing|going|moving|taking .3 cash|outside|off|%paysure|private|privately
nobypass 100: never|dont pay|book|hire me|us .3 outside|directly|direct|privately|off
nopay 100: never|dont pay|book|hire me|us .3 outside|directly|direct|privately|off|cash
nobypass 100: please dont|never send|give|share|type me|us .2 your
nobypass 100: office|company|boss|agency|manager told|telling me|us|him|her off
nopay 100: office|company|boss|agency|manager .9 told|telling me|us|him|her off
// Somebody else's attempt, told of.
%elsewho = sitter walker nanny client customer minder someone somebody stranger guy woman man scammer
%attempt = asked wanted offered tried kept demanded insisted suggested proposed hinted
nobypass 100: last|previous|old|other|another|former|someone|somebody|stranger .1 %elsewho? .6 %attempt .9 to|me|if|for|him|her|us .9 *
nopay 100: last|previous|old|other|another|former|someone|somebody|stranger .1 %elsewho? .4 %attempt .9 to|me|if|for|him|her|us .9 *
nobypass 100: %elsewho .2 before|last|from .5 %attempt
nopay 100: %elsewho .2 before|last|from .5 %attempt
nobypass 100: reported .1 a|the|it|one|him|her|them|this|that .1 client|sitter|once|customer
nobypass 100: message|email|mail|note|letter|notice .1 from? .3 about|saying .1 paying|going|moving|off|outside|private|my
nopay 100: email|mail|letter|notice|text .3 saying .9 pay|paypal|venmo|zelle
// What the rules say, read out.
nobypass 100: read|section|clause|bit|paragraph|page .6 poaching|solicitation|non-compete|noncompete
nobypass 100: terms|handbook|section|policy|rules .2 say|says|said|states .4 not|never|no|dont|cant .9 hire|pay|book|arrange|take|private|direct|directly|outside
nobypass 100: book|request|pay|hire .2 direct|directly .1 through|on|via|in .1 the? website|site|app|portal|page
nobypass 100: through|with|via you lot|guys|folks|people
nobypass 100: freelance|freelancing .1 from|at|so|or .1 home|the|employed|i|im|agency
nobypass 100: i|we|my|he|she .2 freelance|freelancing .1 from|so|and|designer|writer|editor|at
nobypass 100: tell|bother|telling .1 the? %biz .3 about|over .3 broken|broke|mess|spill|accident|scratch|chewed|vase|mug|plate|stain|rug
nobypass 100: dont|doesnt .1 need|have to pay|give me|us anything|extra|more|twice
nopay 100: bought|ordered .6 with|via|using %paysure
nopay 100: %paysure hit|charged|billed|emailed|locked|blocked|notified me
nopay 100: %paysure .4 sorry? wrong chat|person|text|thread
nopay 100: autocorrect|autocorrected .4 %paysure|cash
nopay 100: %paysure|cash .9 autocorrect|autocorrected
nopay 100: %paysure is my|her|our|his|their .1 %kin|%fanimal
noplatform 100: no hace falta .6 guasap|wasap|%sure
noplatform 100: you lot|guys|folks|people should have|get|use %sure
nobypass 100: under .1 the table .2 hiding|asleep|sleeping|again|with
nobypass 100: theres .1 one|a|something .2 under the table
nobypass 100: toy|ball|bowl|bone|treat|sock|dog|cat|puppy|kitten .1 under the table
nobypass 100: you freelance too
nobypass 100: other dogs|cats|puppies|clients .1 on|in|around this|the|our|my street|road|block|area|neighborhood|building
nobypass 100: sitters|walkers|minders|people at|from other agencies|companies|places|apps
nopay 100: sitters|walkers|minders|people at|from other agencies|companies|places|apps
nobypass 100: rule|clause|line|paragraph about no|not|never private|side|direct|outside|cash
nobypass 100: request .1 you|her|him personally .1 when|or|on|in .3 book|app|site|they
nobypass 100: please dont leave|quit .1 the|this|your %biz
nobypass 100: %biz will|would know|tell .1 where|how|what|who
nobypass 100: por su cuenta .1 se|el|la|lo
nobypass 100: stay|stick|staying|sticking .1 with the|this|your agency|company|app|office|platform
nobypass 100: cant|cannot|not|dont|wont|never give|hand|giving .2 number|numbers|phone out
nopay 100: do|does|can they|%biz take|accept .1 cash|%paysure
nobypass 100: my own clients|customers|patients till|until|at|in|on|from|all|tomorrow|today
// What is told of a service that is down, or of somebody who tried.
nopay 100: %paysure .1 is|was|app|seems .1 down|broken|glitching|offline|hacked
nopay 100: sitter|walker|agency|nanny|company .3 tried|kept|keeps|demanded|insisted .9 %paysure|cash
nopay 100: do|does|did|will|can <N> .1 <N>? take|takes|accept|accepts|allow .3 %paysure
nopay 100: does .3 take|accept|allow .3 %paysure
noplatform 100: wont|dont|cant|not|didnt|doesnt|hardly|barely .2 have|get|got signal
noplatform 100: %soc .1 is .1 full|blowing|flooded
noplatform 100: telegram|telegrams .6 mailman|mailbox|postman|delivered|singing
nopay 100: bank .1 holiday|of|street|account? .3 closed|holiday
pay 90: clabe|iban
pay 90: deposita|depositame|deposito|depositas .3 directo|cuenta|me
pay 100: on cash app
pay 100: apple|google cash|pay .1 me|you|directly|us|?|or|works
pay 100: i|we .2 have|got|take|accept|use bitcoin|btc|crypto|paypal|ethereum

// --- other services
%sure = whatsapp whatsap watsapp whatsaap whatsapps wattsapp watsap wassap wasap guasap whatapp whatsappp whatsup-app wsp wsapp wapp whats-app whazzapp wazzap wassapp wpp zap telegram telegrm telegam telgram snapchat snapchatt snpchat viber wechat facetime skype imessage kik tiktok instagram instagrm insta instgram instagran instragram facebook facbook fbook facebk messenger discord linkedin twitter groupme kakao kakaotalk weixin signalapp signalmessenger marcopolo threema zalo botim wickr weibo xiaohongshu rednote xhs vkontakte lemon8 bereal icq bbm mewe nostr keybase textnow textplus bluesky bsky mastodon zoomchat googlechat gchat hangouts imo_app guatsap uatsap uasap wuasap wasapp whazzap whazap wazap feisbuk feisbuc feisbok skyp skipe skpe
%weaksvc = line imo max vk qq wire session matrix element teams zoom slack duo meet band remind gab signal threads x twitch reddit pinterest youtube strava tumblr
%soc = instagram instagrm insta instgram instagran instragram facebook facbook fbook tiktok linkedin nextdoor twitter youtube messenger ig fb threads reddit bluesky pinterest
%weakp = ig fb snap tg telega signal line rover wag care thumbtack craigslist tinder bumble meta hangouts googlevoice duo
anyplatform: %sure
anyplatform: whats|wats|what app|ap
service: imo|max|vk|qq|wire|session|matrix|element|teams|zoom|slack|threads|bluesky|bsky|pinterest|reddit|youtube|twitch|mastodon|line|twitter|tumblr|strava|vsco|nextdoor|etsy|patreon|linktree|x|bereal|marco|tiktok|insta|ig|fb|gram|facebook|instagram|snap|snapchat|telegram|discord|linkedin|viber|wechat|skype|signal|kik|whatsapp|messenger|soundcloud|spotify|goodreads|letterboxd|duolingo|alltrails|peloton|untappd|depop|vinted|poshmark|ravelry|flickr|substack|sc|tt|bird|onlyfans|geocaching|mixcloud|bandcamp
anyplatform: face book|time
anyplatform: nextdoor
anyplatform: sc|tt|yt|wa :|=
anyplatform: signals|snaps better|safer|easier|fine|quicker|faster
platform 100: on|through|over|via|by .1 my|the? nextdoor
platform 100: nextdoor .1 me|?
anyplatform: insta|tele|snap gram|chat
anyplatform: snap chat
anyplatform: %weaksvc app|chat|messenger|msgr|account|acct|id|user|username|handle
anyplatform: on|via|over|do|use|have|got|is|also|and|or|to|try %weaksvc
anyplatform: (the|that)? bird|ghost|camera|photo|picture|photos|clock|dance|video|videos|plane|purple|green|orange|yellow|blue|red|pink|white .1 f|p|white? app|one|site|messenger|messaging|socials
anyplatform: app|one|messenger|thing .3 with|of .2 bird|ghost|camera|plane|bubble|bubbles|logo|icon
anyplatform: emo_ghost me|us|:|=|is|there|app|one|name|add
anyplatform: app|messenger .4 emo_ghost
anyplatform: app|one|thing|name .2 rhymes|starts|begins|sounds
anyplatform: the gram
anyplatform: we|wee chat .1 id|handle|user|username|name|:|=
anyplatform: little red book
anyplatform: steam|xbox|psn|roblox|playstation|switch|fortnite|minecraft|valorant|nintendo|gamer|epic .1 account|name|tag|id|gamertag|username|friend|handle
anyplatform: gamertag|psn
anyplatform: tele gram
anyplatform: tik tok
service: emo_ghost
anyplatform: strava|soundcloud|bandcamp|goodreads|letterboxd|ravelry|alltrails|bereal|substack is|has|name|user|where|:|=|profile|page
anyplatform: ig|fb|tg|snap|signal
anyplatform: google voice
anyplatform: marco polo
%pverb = message+ text+ msg+ txt+ add+ find+ follow+ dm+ hit+ reach+ look+ search+ get+ write+ call+ chat+ talk+ connect+ continue+ switch+ move+ go+ hop+ download+ use+ try+ ping+ contact+ agregame agrega buscame busca sigueme escribeme hablame hablamos hablemos chatear mandame pasame send+ friend+ im+ dm+ slide+ video+ tag+ stay keep hmu available reachable up meet share catch converse seguimos anademe encuentrame contactame
%on = on over via through by thru en por to with onto off in using al usa usando use
platform 100: %pverb .2 me|us|you|u|up|with|to|my|out|your|chatting|talking|connected|touch|this|it|pics|updates|photos|videos|them|our|lets|mejor|there|ya|tu .3 %on .2 %sure|ig|fb|snap|tg|signal|messenger|discord
platform 100: %pverb .1 %on .1 my|your|the|our? %sure|ig|fb|snap|tg|signal|discord
platform 100: %pverb %sure|ig|fb|tg|signal .1 instead|me|?|for|so|its|or|to|with|then|please|pls|easier
platform 100: add|find|follow|search|dm|agrega|agregame|sigueme|busca|buscame|hmu .1 me|us|my|mi|for? .1 %on? .1 the? .1 %sure|snap|ig|fb|tg|signal|rover|wag|gram|discord
platform 100: %sure|ig|fb|tg (to|with|for|over|or|and|is|from|app)? me|us
platform 100: %sure|ig|fb|tg .1 only|pls|please|preferred|you|works|instead|better|is|name|handle|user|username|account|call|too|@|then|:|=|id|also|number|tambien|o|message|dm|msg|chat|para
platform 100: whats|wats app .1 me|us|?|works|instead|is|you|number|or|too|call|message|for|works|ok|to|if
platform 100: what|whats|wats app .1 me
platform 100: on|via|through|over|use|using|have|got|thru|by|por|en|my|your|to|add|download .1 my|your|the? whats|wats app|ap
platform 100: on|via|through|over|have|got|use|using|my|your|to|me .1 my|the? tele gram
platform 100: on|via|through|over|use|using|my|your|to|me|add|have|got .1 my|the|on? snap|insta|face|marco|google chat|gram|time|book|polo|voice
platform 100: my|mi|your|our|tu|ur .1 personal|own|new? %sure|ig|fb|tg|snap|gram
platform 100: (do|are|have|is|got|r)? .1 you|u|yall|usted|tu .2 on|have|use|got|tienes|usas|a|tiene|using|into|do|check .2 %sure|ig|fb|tg|signal|snapchat
platform 100: tienes|usas|tiene|usa|tengo|uso|got|have|teneis|mandame|escribeme|pasame .2 %sure|ig|fb|tg|signal
platform 100: i|im|we|were|ill|estoy|ando|tengo .2 on|have|use|got|in|en|am|usually|mostly|usually|check|prefer|por|more|active .2 %sure|ig|fb|tg|signal|snap
platform 100: same|mismo .1 name|handle|username|user|nombre|number .2 %on .1 %sure|ig|fb|snap|tg
platform 100: %sure|ig|fb|tg|signal .2 is|es|works|would|might|will .2 easier|better|faster|best|fine|good|mejor|great|works|cheaper|how|facil|where
platform 100: lets|let|vamos|we|shall|should|could|can|wanna|want|prefer|rather|podemos|mejor|instead|switch|lets|to|id .4 %sure|signal|discord
platform 100: by|por|via|over|thru|through .1 %sure|signal
platform 100: download+|install+|get .1 %sure
platform 100: have|got|use|on .1 tele|insta|face|snap gram|book|chat|time
platform 100: hit|hmu|find|message|reach|text .2 me|us .2 on|over|via|through .4 %sure
platform 100: ^ got|have|use|on .1 %sure|snap|ig|fb|signal ?
platform 200: can|could|lets|shall|wanna|should we|i|you .1 facetime|skype|whatsapp|zoom
platform 100: dm|dms|pm .1 me|us
platform 100: slide .2 my|your .1 dms|dm
platform 100: my|our|check .1 dms
platform 100: im|i|were .2 on|also .2 rover|wag|thumbtack|craigslist|nextdoor|care
platform 100: find|book|hire|contact|message|request|look|search|add .3 me|us|up .2 on|through|via|thru .1 rover|wag|thumbtack|craigslist|nextdoor|care
platform 200: see|spot|catch|write|message .1 to? .1 me|us .2 on|over|through .1 nextdoor|%soc
platform 100: my|our .1 rover|wag|thumbtack|nextdoor|craigslist .1 profile|page|account|listing|link
platform 100: add me|us .1 %sure|snap|ig|fb|on|as|there|signal
platform 100: facetime|skype|dm|whatsapp|imessage|viber|telegram|fb .1 me|us
platform 100: can|could|wanna|want|let|may|lets|want .2 facetime|skype|whatsapp .1 you|me|later|tonight|with|?|u|so|when
platform 100: friend|amigo .2 request|solicitud .3 %sure|fb|me|you|on
platform 100: send .2 friend request
platform 100: (what|whats|wats|cual) .2 your|tu|ur .1 %sure|ig|fb|snap|tg|handle|username
platform 100: a|the|another|other|different|messaging|chat|encrypted .2 app .2 like|called|such|named .1 %sure|signal|line
platform 100: %sure|signal|tg .1 or .1 %sure|signal|tg
platform 100: %sure|signal|tg|ig .1 instead|mejor
platform 100: ^ %sure|tg|ig ?
platform 100: (telegram|signal|whatsapp|viber|line|wechat|kik|discord) id|handle|user|username
platform 100: video call|chat .2 me|on|over|via .3 %sure|facetime|zoom|me
platform 100: facetime|skype|zoom .1 with .1 me|us
platform 90: fb|facebook messenger
platform 100: on|have|use|via|got|over|by|to wa
platform 100: por|en|al|mi|tu|via|x guats|guat|wats|wasa|uats|guasa|whats|wasapp|guatsap|uasap|wuasap|feis|insta
platform 100: agregame|agrega|agregueme|buscame|busca|busco|busqueme|sigueme|escribeme|mandame|encuentrame|encuentro .3 en|al|por|el .1 face|feis|insta|ig|fb|whats|wasap|wsp|tiktok|snap|gram
ask 100: lmk|send|drop|gimme|got|need|share|whats|wats|what|tell .2 your|ur|yr|tu .1 sc|ig|fb|tg|wa|tt|emo_ghost|snap|insta|gram|tele
platform 100: como sales|apareces|estas|te llamas en .1 insta|face|ig|fb|tiktok
platform 100: message|msg|text|write|find|contact|reach|dm|book me|us .1 on|at|through|via my|our .1 page|profile|socials|account|channel|server
platform 100: my|our discord|server|channel|snapcode|qr
platform 100: snapcode
%msg = whatsapp whatsap watsapp whatsaap whatsapps wattsapp watsap wassap wasap guasap whatapp whatsappp wsp wsapp wapp whazzapp wazzap wassapp telegram telegrm telegam telgram viber wechat weixin guatsap uatsap uasap wuasap wasapp whazzap whazap wazap
platform 70: %msg
platform 100: what|how about %sure|signal
%towards = message text msg txt write chat talk dm hit ping reach contact come switch move hop agregame agregueme agrega anademe escribeme hablame hablamos mandame buscame busqueme vente pasate viens passe ecris ajoute aao aa aaja jao karo baat komm schreib
platform 150: %towards me|us .1 on|over|via|al|por|en|pe|par|sur|auf|to .1 my|the|el|la? %sure|signal
platform 150: %towards later|over|now|directly? on|over|via|al|por|en|pe|par|sur|auf|to .1 my|the|el|la? %sure|signal
platform 150: %sure|signal pe|par|mein .2 aao|aa|aaja|msg|message|baat|karo|bhejo|likho|jao|bata|call
platform 150: viens|passe|viendrais|parler|ecrire|ecris|discuter .2 sur %sure|signal
platform 150: aapka|aapki|tumhara|apna|apni|mera|meri|tera %sure|signal
platform 110: mon|ton|votre|mein|dein|meu|seu %sure|ig|fb|snap|signal
platform 150: parle|parler|parlons|discute|discutons|continue|continuons|schreiben|reden .1 sur|auf|ueber %sure|signal
platform 110: use|on|via|over google chat|hangouts
anyplatform: ^ sc
handle: my|the at is
handle: ^ handle|username .5 is
noplatform 100: signal there|ok|strong|weak|bad|poor|bars|again|yet|back
anypay: money|square sign|cash
anypay: sq cash
ask 150: ton|votre mail|email|courriel|numero|portable .1 perso|personnel|prive
noplatform 100: permitido|permiten|permite|permitida .4 %sure
platform 200: start|make|made|create|hagamos|hacemos|armo|armamos .3 group|grupo|grupito|groupchat .3 on|de|en %sure|whats
platform 200: %sure group .9 put|add|invite you|u
platform 200: group|groupchat .6 on %sure .3 start|make
platform 110: tenes|teneis|usas|usan insta|face|feis|%sure
platform 150: el|al|por whats|face|feis .1 mejor|mas|es|?
platform 150: sales|apareces|apareceis|estas en el|la face|feis|insta|fb
platform 150: por|en|al|via|x el? face|feis|insta|fb .4 busca|buscame|busqueme|agregame|agregueme|salgo|aparezco
platform 150: the|i app signal|telegram|line
platform 150: wa me|us
platform 150: my|your|ur|mi|tu|su wa y|and|is|es|?|so|instead
platform 150: tu|su|mi|te|al guats|guat|guas|feis
platform 110: so|then|maybe|perhaps|or %sure ?
platform 150: ^ wee|we chat ?
noplatform 60: use|open|in|on|through|via the|our app
platform 110: app|apps .4 talk|message|msg|text|chat|write|dm|add .1 to? me|us .1 there
platform 150: green|blue|purple|yellow|ghost|bird|camera|photo|plane|airplane .2 app .4 find|look|add|follow .1 for? me|us .1 up? there
nopay 100: %paysure on|in|through|via the|your portal|app|site|website|invoice
platform 110: app .2 im .1 on? there|it|that
platform 110: app .1 you|u on it|that|there ?
platform 110: to|on .1 the|that green|blue|purple|ghost|bird|camera|plane|airplane .1 bubble|phone|chat|speech|gamer|ghost|paper? app
nopay 100: %paysure .2 accepted|accept|possible|available .3 %biz|companys
nopay 100: %paysure|cash the %breed
noplatform 100: %sure|signal|line|snap the %breed
pay 200: my|mi|our own|personal|private|propio %paysure
platform 100: on|to|via|over|by .1 whats up .1 ?|,|you|the|its|instead|please|pls
platform 100: nothing|word .1 about|against|wrong .2 %sure|ig|fb|tg|signal
platform 100: %sure|signal ok|okay|maybe|possible|good|fine|pls|please|later
platform 100: snap|insta|fb|facebook|ig friends|buddies|messages|message|msgs
platform 200: friend request
platform 100: look|find|search|add|follow|busca|buscame .6 on|en .1 %sure|fb|ig
platform 100: do|you|u snap|insta|ig ?
platform 100: i|im|ill|we .4 on|via|through %sure|ig|fb|tg
platform 100: on|via|through|over .1 the gram|insta|book
noplatform 100: saw|seen|watch+|bought|found|read|scroll+|viral|videos|famous|trend+|trending|meme|memes|posted|photo|worthy|star|model|influencer|celebrity|got .4 on|in|from|off|for .2 %soc|tiktok
noplatform 100: %sure style
noplatform 100: company|companys|agency|agencys|office|offices|business|our|firm|their .2 one|ones|page|account|insta|ig|handle|story
noplatform 100: tag|collar|bandana|harness|charm .2 has|got|with .3 at sign|symbol
noplatform 100: %soc|tiktok|insta .2 is|are nothing but
noplatform 100: %soc|tiktok|insta .1 feed|explore|fyp|algorithm|suggestions .1 is|are .1 only|all|just|nothing|full|mostly
noplatform 100: at sign|symbol .2 on .2 tag|collar|bandana|harness|charm
noplatform 100: %soc|tiktok|insta .2 is|are .1 only|all|just|entirely|mostly|<n> .2 %fanimal|%breed|corgis|dachshunds|otters|ferrets|pugs|goats|ducks|poodles|huskies|beagles|kittens|puppies|dogs|cats|hedgehogs|rabbits|bunnies
noplatform 100: tag|collar|sign|sticker|poster|harness|bandana .2 says|reads|said
noplatform 100: use|buy|feed|order|eat|eats .8 patties|kibble|food|treats|brand|chews|freeze
noplatform 100: %soc|tiktok|insta .1 worthy|famous|star|model|ready|material|story|stories|marketplace|video|videos|post|group|ad|ads|ad|reel|feed|page|reels|challenge|trend|influencer|filter|famosa|famoso|pics|ready|fame|debut|dance
noplatform 100: facebook marketplace|group
noplatform 100: neighborhood|neighbors|neighbours|community|hoa|building|block|family|familia|vecinos|school|moms|mothers|breeders|breed|owners|rescue|lost|class|her|his|their .2 %sure|fb|nextdoor|whatsapp .1 group|page|chat|post|grupo|account
noplatform 100: %sure .1 group|grupo|groups .2 for|with|de|of|del|chat|is|con|has
noplatform 100: %kin|%vet|teenager|kids|kid|daughter|husband|wife|grandkids|grandma|she|he|they|shell|hell|theyll|itll .4 on|addicted|loves|watches|facetime|facetimes|facetimed|uses|with|obsessed|scrolling|checking|over|skype|called .3 %sure|tiktok
noplatform 80: facetime|zoom|skype+|facetime+ .2 with .1 my|her|his|grandma|grandkids|the|family|work|clients|%kin
noplatform 100: poster|post|ad|listing|he|she|dog|cat|it|its|video|pics|photos|photo|page .1 is|was|are? on %soc
noplatform 100: watch|play|game|games|stream|see|listen|seen|shop|watching|playing .4 on|in %sure
noplatform 100: insta pot|cart
noplatform 100: his|her|their|its|company|dogs|cats|kids|kid|childs|teens %sure|ig|fb
noplatform 100: %kin|%vet|%trade %sure|ig|fb|page
noplatform 100: no|bad|weak|good|poor|gps|cell|tv|wifi|low|strong|lost|the|phone|satellite|spotty .1 signal
noplatform 100: signal .1 is|was|drops|bad|weak|here|in|at|from|strength|up|lost|to|when|that|for .2 bad|weak|terrible|spotty|out|mountains|cabin|the|basement|low|poor|her|him|go|stop|back|he|she
noplatform 100: leave|left|posted|post|put|share|shared|using|use|see .4 review|reviews|pics|pictures|photos|photo .3 on|to .2 %soc|google|yelp
noplatform 100: dont|not|never|doesnt|hate|deleted|quit|off|without|no|isnt|arent .2 use|have|do|on|like|post|posting|allowed|put|share .3 %soc|tiktok|social|whatsapp|media
platform 100: add|follow|friend|dm|find|message|text|msg|search .1 * .1 on .1 %sure|snap|ig|fb|tg
platform 100: %sure .6 gimme|give|toss|throw|drop .1 me|us? .1 a follow
noplatform 100: %kin|she|he|they|shell|hell|theyll .3 facetime|skype|facetimes .1 me|us|him|her|you
noplatform 100: dog|cat|puppy|pup|kitten|kitty|hes|shes|he|she|named|name|called .3 rover|wag|kik|discord|whatsapp|skype|tiktok|insta|messenger

// --- names on other services
handle 100: my|mi|our .1 handle|handles|usernames|username|user|screenname|@|tag|usuario|gamertag|nick|nickname|screen .1 name? .1 is|the|same|es|:|=|on|there|s|name|en
handle 100: %sure|ig|fb|snap|tg|venmo|cashapp .2 handle|username|user|name|usuario|tag .1 is|es|:|=|s
handle 70: find|look|search|add|follow|get|busca|buscame|encuentrame|sigueme|agregame .1 me|for|us|my|up .2 as|under|by|como|with|at|@
handle 80: same|mismo .1 handle|username|user|usuario|screenname|@
handle 80: handle|username|usuario .1 is|:|=|es
handle 80: goes|go|im|known .1 by|as .1 @|handle
handle 60: @ .1 me

handle 80: same|mismo username|user|handle|name|nombre .3 everywhere|everything|all|both|there|places
handle 80: user name .2 is|:|=
handle 80: no|without|sin spaces|space|espacios
handle 80: all|todo one|together|lowercase|lower|una|junto word|case|palabra?
handle 60: ^ user|username|handle|@|name ?
noplatform 100: %codew|name|named .12 lowercase|spaces|space|word
platform 100: dm|dms|inbox .1 me|us|open|are
platform 100: (send|drop|shoot|say|slide|hit|get|message|chat|find|come|reach|hop|jump)? send|drop|shoot|say|slide|hit|get|message|chat|find|come|reach|hop|jump .4 dm|dms

// --- pages
site: my|our|mi|visit|check|see|go|book|browse .2 site|website|page|webpage|blog|pagina|web|link|portfolio|etsy|linktree|profile
site: visit|check|link|site|website|url|page|pagina|www|http|https|click|browse|online|book|go|visita|look|view|see
site: my|our prices|rates|availability|calendar|pricing|packages
site: emo_link

// --- emergencies
%now = now rn asap immediately ahora ya right hurry please help urgent urgente
%pet = he she it dog cat puppy pup kitten kitty they him her pet perro gato perrito gatito perra gata el ella <N> boy girl dogs cats bird rabbit bunny hamster max bella luna
urgent 100: bleed+|bled|sangra|sangrando|sangre|hemorrhag+|hemorrhaging
urgent 100: blood .2 everywhere|all|coming|from|pouring|gushing|in|mouth|nose
urgent 100: (vomit+|throwing|puking|peeing|pooping|coughing|threw|thrown|spitting|vomito|vomitando) .2 up? .1 blood|sangre|bloody
urgent 100: blood|bloody|sangre .1 vomit|urine|diarrhea|stool|poop|pee|puke
urgent 100: seizure|seizures|seizing|seized|seisure|siezure|siezing|convuls+|convulsion|convulsiones|convulsionando|fit|fitting|ataque
urgent 100: collaps+|colapso|unconscious|unresponsive|inconsciente|passed|fainted|faint|fainting|desmayo|desmayado|lifeless
urgent 90: taking|bringing|rushing|driving|getting him|her|them|<N> in|there|over .2 now|immediately|right
urgent 90: go|get|take|drive|run .4 er|vet|hospital|clinic .2 now|immediately|asap|fast|hurry
urgent 100: is|hes|shes|its|went|gone|goes|completely|all|body|and limp
urgent 100: is he|she|it|they|<N>|max|bella|luna .1 breathing|conscious|alive|responsive|responding
urgent 100: not|isnt|cant|cannot|barely|stopped|trouble|struggling|difficulty|hardly|no|labored|puede|gasping|gasp|quit|wont .2 breath+|respira|respirar|breath|breathe|respirando|breathing|air
urgent 100: chok+|ahogando|ahoga|atragant+|atragantado|atraganto|suffocat+|strangl+|drown+
urgent 100: hit|struck|run|ran|atropello|atropellado|atropellaron|atropello .2 by|over|un .2 a|car|truck|carro|bike|coche|van|vehicle|auto
urgent 100: poison|poisoned|poisoning|veneno|envenen+|envenenado|envenenada|intoxicado|toxic
urgent 100: lapped|lapping|lapped|ate|eaten|eating|swallow+|ingest+|got|chewed|licked|drank|comio|trago|consumed|ate|tragado|comido|gobbled|eat|devoured|into .6 chocolate|xylitol|grapes|grape|raisins|raisin|onion|onions|lily|lilies|antifreeze|bait|rat|pills|pill|medication|medicine|meds|ibuprofen|advil|tylenol|gum|battery|batteries|mushroom|mushrooms|bleach|poison|needle|magnet|marijuana|edible|edibles|weed|sock|string|bone|toy|glass|coin|aspirin|adderall|detergent|cleaner|pesticide|garlic|macadamia|uvas|pastillas|lejia|raticida|hueso|cebolla|pila|thread|hook|corncob|rodenticide|nicotine|vape|brownie|brownies|cookies|dough|slug
urgent 100: swallowed|trago .3 a|an|the|part|his|her|something|una|un|some
urgent 100: bloat|bloated|gdv|torsion|hinchado|hinchada|distended
urgent 100: heatstroke|heat .1 stroke|exhaustion|golpe
urgent 100: overheat+|heatstroke|hypothermia|hypothermic|insolacion
urgent 90: emergency|emergencia|urgencia|urgente|urgencias|emerg|emergencies|911|er|icu|ambulance|ambulancia|paramedics
urgent 100: call|called|calling|llama|llame|dial .1 911|ambulance|ambulancia|firefighters|bomberos|policia|paramedics
urgent 90: rushing|rushed|rush|racing|speeding|heading|driving|headed|taking|took|taken|going|straight|headed|corriendo|llevando|llevo|lleve|voy|vamos|admitted|way .4 to|at|al|a|for .3 er|vet|emergency|hospital|clinic|urgent|icu|veterinario|urgencias|clinica|veterinaria|animalhospital|e-vet
urgent 100: attacked|mauled|bitten|bit|mordio|mordido|ataco|atacado|atacaron|atacó|stung|sting|stings .2 by|a|un|another|him|her|my|me|the|una|perro|dog|coyote|snake|serpiente|raccoon|bee|bees|wasp|wasps|face|coyotes
urgent 100: snake|snakebite|rattlesnake|copperhead|coyote|serpiente|vibora|rattler .2 bit|bite|got|attack|attacked|grabbed|mordio|bitten
urgent 100: (house|kitchen|apartment|building|stove|oven|garage|casa|there|theres|is|a|on|hay|electrical|see|room) .2 fire|flames|incendio|burning|smoke|humo|fuego|llamas|smoking
urgent 100: gas .1 leak|smell|leaking|odor
urgent 100: smell|smells|smelling|huele|fuga|olor .2 gas|smoke|burning|humo|quemado
urgent 100: carbon monoxide
urgent 100: co|smoke|fire|monoxide|carbon detector|alarm|alarms .2 going|beeping|off|blaring|went|sounding|screaming
urgent 100: flood+|inundado|inundacion|inundando|burst|water .2 basement|kitchen|pipe|pipes|house|everywhere|bathroom|cocina|pouring|ceiling|leak|floor|casa|gushing
urgent 100: flooding|inundando
urgent 100: house|basement|kitchen|bathroom|apartment|floor|room|casa .2 flooded|underwater|inundada
urgent 100: rompi|cai|caido|quebre|broke|broken|fractured|sprained .4 brazo|pierna|tobillo|arm|wrist|ankle|muneca|rodilla|knee|rib|ribs|brazo|cabeza
urgent 100: pipe|tuberia|pipes|heater|ceiling .2 burst|broke|exploded|leaking|busted|rota|collapsed
urgent 100: broken|broke|breaking|break|someone|intruder|burglar|robbed|robaron|robbery|ladron|burglary|break-in|strange|metido .2 into|in|trying|house|home|casa|entro|inside|man|window|entrar|robbed|smashed
urgent 100: intruder|burglar|burglarized|robbed|break-in|ladron|ladrones
urgent 100: lost|missing|escaped|escape|bolted|escapo|escaparon|perdido|perdida|perdio|slipped|jumped|disappeared|desaparecio|vanished|gone|ran|dug|squeezed|huyo|salio|broke|dashed|darted .3 dog|cat|pup|puppy|him|her|out|away|off|leash|collar|fence|yard|gate|loose|missing|harness|perro|gato|corriendo|door|under|over|free|<N>|the|his|se
urgent 100: cant|cannot|couldnt|can't|still|no .2 find|locate|found|encuentro|encontrar|see .2 him|her|dog|cat|them|puppy|the|<N>|perro|gato|anywhere|al|it|kitty
urgent 100: is|has|have|gone|been|still|are|esta .1 been|gone? missing|perdido|perdida|desaparecido|desaparecida
urgent 100: ran|run|bolted|took|escaped|got|running .1 away|off|out|loose
urgent 100: se escapo|perdio|salio|fue|atraganto|ahoga|cayo|desmayo|comio|trago|fugo|muere|esta|me
urgent 100: broke|broken|fracture|fractured|dislocated|rota|roto|quebro|rompio|quebrada .2 leg|paw|bone|hip|tail|pata|jaw|back|pelvis|her|his|wing
urgent 100: leg|paw|hip|tail|pata|jaw|pelvis|wing|arm|wrist|ankle .3 broken|fractured|dislocated|rota|shattered
urgent 100: hit|hurt|banged|cracked|split|smashed my head|back|knee|ankle|wrist|arm|leg|hip
urgent 80: slipped|tripped|fell .3 stairs|ice|steps|ladder
urgent 100: bit|bites|attacked|mauled .2 someone|somebody|kid|child|neighbor|man|woman|boy|girl|guy|person|jogger|mailman
urgent 100: police|cops|ambulance|paramedics|firefighters|bomberos are|is|were|estan|on .1 here|coming|way|aqui|arrived
urgent 100: paralyzed|paralysed|cant|cannot|wont|unable|drag+|no|puede .2 walk|stand|move|back|hind|get|caminar|levantarse|legs|mover|moverse .2 up|legs|at|all|rear|legs|stand|anymore|se|?
urgent 100: (allergic|anaphyl+|anaphylaxis|anaphylactic|alergica|swelling|swollen|hinchada|hives|face) .2 reaction|face|up|reaccion|muzzle|swelling|swollen|throat|shock|eyes|ballooned|hinchada|tongue|swelled|hives
urgent 100: anaphylaxis|anaphylactic|electrocut+|electrocuted|stroke|cardiac|heart|infarto|overdose|overdosed|shock|hypoglycemic .1 attack|arrest|failure|?|arrested|went|in|by|to
urgent 100: (having|had|has|going|think|possible|might) .2 a|into|have|be .2 stroke|attack|shock|labor|seizure|reaction
urgent 100: dying|dies|dead|died|muriendo|muere|muerto|murio|muerta|morir .2 help|please|he|she|the|in|dog|cat|se|?|here|on|perro
urgent 100: gums|tongue|encias|lengua .3 blue|white|pale|purple|grey|gray|azul|blancas|azules|morada
urgent 100: (fell|fallen|fall|jumped|cayo) .3 off|from|out|down|into|balcony|window|pool|stairs|deck|roof|del|balcon|ventana|piscina|alberca
urgent 90: hurt|injured|wounded|herido|herida|lastimado|gash|puncture|deep|accident|accidente|wound|crash+|ambulance .3 bad|badly|help|bleeding|emergency|serious|cut|stitches|leg|eye|grave|mucho|paw|car|really|vet|seriously|broken
urgent 100: sos|mayday|auxilio|socorro|emo_sos
urgent 100: im|ive|i|sitter|me|been .3 fell|fainted|hurt|trapped|stuck|locked|attacked|hospital|injured|accident|crash .2 inside|outside|elevator|ambulance|wrist|head|ankle|leg|in|and|myself|bad|badly|accident
urgent 100: foam+|frothing|espuma .2 at|mouth|por|from|la|boca
urgent 100: convulsing|seizing|twitching|shaking .2 uncontrollably|violently|and|on|nonstop|badly|bad
urgent 100: wont .2 wake|waking|despierta|respond|responding
urgent 100: not|no|isnt|stopped|quit|barely .1 moving|responding|waking|responde|reacciona|reacting|se|breathing|conscious .1 mueve|?|at|to|up|well|and
urgent 100: stuck|trapped|atrapado|atorado|caught|wedged .3 in|under|behind|between|en|inside|drain|wall|car|fence|recliner|engine|dryer
urgent 100: blocked|obstruction|obstructed|straining|cant|hasnt|unable|bloqueado .2 pee|urinate|urinary|urine|bladder|orinar|peed|pass|bowel|peeing
urgent 100: (stolen|dognapped|kidnapped|took|robaron|stole|robado) .2 dog|cat|puppy|perro|my|your|him|her|car|gato|the
urgent 80: hurry|urgent|urgente|asap|immediately|emergency .3 vet|hospital|help|dying|blood|come|er|please|now|veterinario|ayuda|call
notnow 100: in|for|during|if|incase|just|only|any|an|un|una|en .2 case|event|there|theres|you|caso|of|an|any|is|emergencies|emergency|emergencia|case|hay|emergencias .2 of|an|emergency|emergencia|emergencies|is|theres|de|fire|anything|there|i|you|alguna|have .2 *
notnow 100: if|incase|should|whenever|unless|si|cuando|until|hope|hopefully|worried|afraid|avoid|prevent|careful|cautious|otherwise|risk|sign|signs|monitor|ever|never|prone|history|tends|known|past|always|sometimes|occasionally|usually|causes|cause .8 %urgentw
notnow 60: poison|toxic .1 control|line|hotline|number|center|helpline
notnow 100: tomo|took|taken .2 sus|su|la|las|his|her|their .2 pastilla|pastillas|medicina|pills|pill|meds|medicine
notnow 45: emergency|emergencia|er|poison .1 contact|contacts|vet|vets|number|numbers|line|fund|kit|exit|plan|info|form|card|hospital|clinic|contacto|clinica|veterinario|brake|instructions|procedure|list|phone|light|release|key|meds|medication|control|room|authorization|credit|backup|person|credit|supply|cash|hotline|sheet|binder|folder .2 *
urgent 100: at|to|called|calling|talking|call|with|phone|from|on|over .2 the|poison|an|emergency|animal|a .2 er|hospital|emergency|control|icu|911|clinic
notnow 100: not|no|isnt|non|wasnt|nothing|without|never|ever .2 an|a|real|any|major|medical|actual|of .1 emergency|emergencies|urgent|emergencia|urgente|seizures|seizure|blood|bleeding|accidents|vomiting|swelling
notnow 100: last|years|year|months|month|weeks|week|ago|once|before|since|history|used|as|past|yesterday|previous|past|pasado|ano|when|meses|anos|days .9 %urgentw
notnow 100: %urgentw .8 last|years|year|months|month|weeks|ago|once|before|since|history|controlled|past|puppy|disorder|prone|pasado|ano|meses|anos|every|dose|free|test|work|tests|drive|hydrant|station|place|pit|works|truck|department|drill|fighter|extinguisher|sale|proof
notnow 100: flood|pest|bite|fire|flea|flame .1 control|proof|resistant
%urgentw = seizure seizures emergency emergencies emergencia lost missing escape escapes escaped escaping bleed bleeding bleeds blood choke choking chokes bite bites bitten bit fire smoke flood flooded poison poisonous bolt bolts bolted collapse collapsed hurt attack attacked attacks swallow swallowed swallows eats ate eat stuck ran run runs er hospital injured surgery stroke allergic hit vet fit broke broken fell got stung died passed swollen swelling jumped trapped toxic hives slipped reaction
notnow 100: fire .1 place|pit|hydrant|station|truck|escape|works|extinguisher|drill|fly|flies|wood|department|stick|tv
notnow 100: lost|missing|broke|broken|ran|missed|losing|misses .2 my|heart|sofa|weight|interest|track|appetite|tooth|patience|mind|sleep|time|toy|ball|toys|sock|key|keys|count|tag|remote
notnow 100: blood .1 work|test|tests|pressure|sugar|hound|panel|orange|draw|glucose|drive|results|type
notnow 60: stuck|lost|ran|run|broke|got|out|stolen|missing .2 in|on|at|out|of|the|up|a|some|into .2 traffic|treats|food|time|errands|meeting|line|work|bags|litter|of|kibble|heart|hearts|wet|poop|milk|airport|charger|remote|internet
notnow 100: seizure|seizures|epilepsy|epileptic|allergy .4 meds|medicine|medication|med|pills|log|journal
urgent 100: wont|cant|cannot|couldnt|unable|not .2 get|getting|stand|standing|wake up
urgent 100: got|been|gets|was hit
urgent 100: ran|bolted|ran|run .2 into|in .2 traffic|road|street|highway
urgent 100: eyes .2 rolled|rolling
urgent 100: stiff|rigid .2 shaking|twitching|and
urgent 100: shaking|trembling .3 wont|cant|seizure|collapsed
urgent 100: someone|somebody|man|stranger|people .2 in|inside|entered .1 the|my|your? house|home|apartment|kitchen
urgent 100: mordio|muerde|mordieron
urgent 100: got into .2 poison|chocolate|meds|pills|bait|trash|medication
urgent 90: needs surgery
urgent 60: in surgery|icu|theatre
urgent 100: eye|eyeball|eyes .4 out .1 of .2 socket
urgent 100: eye|eyeball .1 popped|pops|popping|hanging|hangs|bulged|bulging|prolapsed|dangling .1 out?
urgent 100: out .1 of .2 socket
urgent 100: out|pulled|under .3 not moving|responding|breathing
urgent 100: whole|entire|pieces .6 xylitol|chocolate|ibuprofen|raisins|antifreeze
urgent 100: call .4 now .9 kill|die|dying
urgent 100: tornado|cyclone|tsunami|wildfire|evacuation .1 siren|sirens|order|alarm|alarms .3 going|on|now|off|blaring|just
urgent 100: belly|bellys|stomach|stomachs|tummy|tummys|abdomen|barriga|panza|vientre .4 hard|tight|dura|tensa .1 as|like|como .1 a? .1 rock|drum|stone|board|piedra|tambor|football
urgent 100: llevalo|llevala|llevenlo|llevenla|llevatelo|llevatela .1 ya|urgencias|emergencias|inmediatamente|rapido|corriendo|ahorita
urgent 100: no .1 puedo|podemos|logro .1 despertar|despertarlo|despertarla
urgent 100: water|waters|river|creek .3 coming|rising|up .2 to|over|through|under .1 the .1 porch|door|doors|steps|knees|windows|floorboards
urgent 100: not|hasnt|cant|isnt pee|peeing|peed .6 howling|crying|yowling|straining|screaming|day|days|hard
urgent 100: chocking on
urgent 100: life alert .3 off|alarm
urgent 100: surgery|treatment|transfusion|euthanasia|anything .3 authorized|authorised|approved .9 go|now|hurry
urgent 100: snakebite|snakebit
urgent 100: puking|vomiting|throwing|heaving .2 non|none|non-stop|nonstop stop|and|wont
urgent 100: double|twice .3 insulin|dose|dosed .9 shaky|wobbly|shaking|drunk|limp|weird
urgent 100: insulin .9 already .9 shaky|wobbly|shaking|drunk|limp
// Somebody has to act at once, whatever for.
urgent 150: ring|call|phone|dial .1 them|him|her|vet|dr|clinic|hospital|poison|line|911|me .3 this minute|second|instant
urgent 100: ring|call|phone|dial|go|leave|drive|come|bring|take|run|pull .6 this minute|second|instant
urgent 150: come|bring|go|hurry|call|ring|take|get|rush .3 at once
urgent 150: vet|hospital|clinic|er|doctor .1 says|say|said|told .3 now|immediately|once
urgent 100: on oxygen|ventilator|cpr
urgent 100: cuesta|dificultad|puede|apenas .1 respirar|respira
urgent 90: sparking|smoldering|smouldering
// Whose say-so a vet waits for, and who is told of it.
urgent 150: need|needs|want|wants|ask|asks|asking|waiting|await|awaiting|require|requires .4 say-so|ok|okay|consent|ahead|approval|permission|authorization|authorisation|go-ahead|signature|yes .3 operate|operating|operation|surgery|surgical|cut|put|anesthesia|anaesthesia|transfuse|transfusion|amputate|resuscitate|euthanize|euthanise|intubate|now|immediately
urgent 150: need|needs|want|wants|asking|waiting .2 your|the|owners|her|his say so
urgent 150: your|owners|verbal|written .1 ok|okay|consent|approval|permission|authorization|go-ahead|say-so .6 operate|operation|surgery|surgeon|transfusion|anesthesia|amputate
urgent 150: surgeon|surgery|theatre|vet|vets|er|doctor .3 ready|waiting|standing|asking|needs|wants .3 your|owners|verbal ok|okay|consent|approval|go-ahead|answer|yes|decision|permission
urgent 150: whether|should|want|to .3 resuscitate|dnr|cpr
urgent 150: im|i|were|we|am|sitter|vet|they .1 doing|started|starting|giving|did .1 chest? compressions|cpr|mouth
urgent 150: ^ doing|started|starting chest? compressions|cpr
urgent 150: no|cant|cannot|barely .2 pulse|heartbeat
urgent 150: called|calling|phoned|phone|rang|talking|spoke|told|says|said|with .3 poison|aspca|tox .1 control|line|hotline|center|centre .9 they|need|needs|want|wants|told|say|says|said|case|make|induce
urgent 150: still|shes|hes keeps|still? seizing|convulsing|fitting
notnow 220: consent|approval|ok|okay|permission .6 dental|neuter|neutering|spay|spaying|microchip|vaccine|vaccination|groom|grooming|bath|nails|next|cleaning
// The same in other tongues of the thread.
urgent 150: urgence|urgences|notdienst|tierklinik|tiernotdienst|tierrettung|notfallklinik .9 saigne|blutet|gift|krampft|mordu|mordue|respire|atmet|operation|vite|schnell|convulse|vomit|avale|gefressen
urgent 150: je|on|nous|jarrive|direction .3 pars|pars|part|partons|vais|fonce|fonçons|file|cours|roule|direction|emmene|amene|lemmene .3 urgence|urgences|veto|clinique|veterinaire|garde
urgent 150: ne? respire|respirent .1 plus|mal|pas
urgent 150: (convulse|convulsionne|saigne|setouffe|sétouffe|etouffe|suffoque|sest|tremble) convulse|saigne|etouffe|suffoque|evanoui|evanouie|effondre|effondree|electrocute|etrangle .9 beaucoup|partout|plus|depuis|vite|arret|la|appelle|appelez|clinique|veto
urgent 150: il|elle|chat|chien|chienne|<N> convulse|setouffe|suffoque|etouffe|agonise|saigne
urgent 150: a|as|ai|vient .2 avale|mange|bu|ingere|leche|croque .5 lys|lis|chocolat|poison|antigel|raticide|mort-aux-rats|pile|raisin|raisins|oignon|oignons|xylitol|aiguille|ficelle|os|hamecon|javel|muguet|granules|ibuprofene|paracetamol
urgent 150: mordu|mordue|pique|piquee|renverse|renversee|percute|percutee|ecrase|ecrasee|attaque|attaquee .2 par .1 un|une|des|le|la .1 vipere|serpent|voiture|camion|chien|chiens|frelon|frelons|guepe|guepes|abeilles|velo|moto|renard|scooter
urgent 150: tombe|tombee|chute .1 du|de|par .1 la|le? balcon|fenetre|toit|escalier|etage
urgent 150: ne? bouge|reagit|repond|mange .1 plus|pas .6 inconscient|urgence|vite|respire|tombe|balcon|sang|aide
urgent 150: au|à secours
urgent 150: vite .6 veto|veterinaire|clinique|urgence|urgences|sang|respire
urgent 150: (il|elle|chien|chat|<N>)? a|fait|en .1 une? crise .9 bave|tremble|convulse|raide|epilepsie|inconscient|vite|veto
urgent 150: vomit|vomi .2 du|sans|plein .1 sang|arret|arreter|cesse
urgent 150: krampft|krampfanfall|krampfanfalle|bewusstlos|erstickt|verblutet|zusammengebrochen|angefahren|magendrehung|hitzschlag
urgent 150: blutet .3 stark|viel|sehr|nicht|uberall|aus
urgent 150: atmet|bewegt|reagiert .2 nicht|kaum|schwer
urgent 150: rattengift|giftkoder|schokolade|frostschutz|schneckenkorn|weintrauben|rosinen|tabletten|lilie|lilien|xylit|zwiebel .3 gefressen|geschluckt|verschluckt|erwischt|abgeschleckt
urgent 150: bin|sind|fahren|fahre|rase|unterwegs|weg .3 notdienst|tierklinik|notfall|notaufnahme|tiernotdienst
urgent 150: brennt|feuer|rauch .3 kuche|haus|wohnung|feuerwehr|garage
urgent 150: non respira|mangia|reagisce|risponde .1 piu|bene
urgent 150: sanguina|soffoca|strozza|convulsioni|svenuto|svenuta|investito|investita|avvelenato|avvelenata|vipera .9 pronto|veterinario|clinica|corro|corri|aiuto|molto|da|dal
urgent 150: pronto|clinica soccorso|urgenze .9 corro|vado|andiamo|subito|sangue|respira
urgent 150: nao|não .1 esta|consegue? respira|respirando|respirar|acorda|reage
urgent 150: engasgou|engasgado|engasgada|convulsionando|convulsao|atropelado|atropelada|desmaiou|envenenado|envenenada|sangrando .9 hospital|clinica|vet|veterinario|correndo|ajuda|urgente|muito|agora
notnow 220: si|sil|sill|falls|wenn|en|se|caso|quand .2 jamais|elle|il|er|sie|cas|il|lui|hund|katze|krampft|un .9 urgence|urgences|notdienst|tierklinik|convulse|saigne|etouffe|krampft|blutet
urgent 150: still not awake|conscious|moving|breathing|responding
urgent 150: %kin|man|woman|lady|neighbor|neighbour .9 not|isnt|stopped|hasnt|wont .1 answering|responding|moving|answer|respond .9 check|go|look|call|please|dial|help
urgent 100: gas|smoke|co|monoxide|fire|carbon alarm|detector|sensor|alarms .5 pinged|triggered|tripped|ppm|alert|alerted|buzzing
urgent 100: running|ran|loose|runs|out|chasing .3 highway|freeway|interstate|motorway|tracks|autopista|carretera
urgent 90: out|escaped|slipped .1 of|from|through .1 the|his|her|our|your yard|fence|gate|backyard|garden|enclosure|paddock .6 running|gone|chasing|find|highway|street|road|loose|help
urgent 100: poison .1 control|line|hotline .9 now|minute|second|hurry|immediately|asap
urgent 100: not|isnt|cant|stopped .1 moving|move|using|use|feel .2 leg|legs|hind|head|neck
urgent 90: screaming|yelping|howling .2 in|with|from .1 pain|agony
urgent 100: get out|away of .1 there|house
urgent 100: dont go in .6 alarm|gas|smoke|fire|somebody|someone|police
urgent 100: badly|seriously hurt|injured|bleeding
urgent 100: is|was|went missing
urgent 100: wont|doesnt|not stop bleeding
urgent 100: trying|tried .1 to .1 get|break|come in|into|inside
urgent 100: deep|puncture|open|gaping|huge .2 wound|wounds|gash|bite|bites
notnow 75: emergency contact|contacts|info|form|card|kit|plan|fund|number|numbers|list|sheet|binder|key|exit|instructions|folder
notnow 100: just in case
notnow 100: false alarm
notnow 100: no|zero emergencies|emergency|emergencias

// --- classes that only the trained part sees
%fsecret = secret hush quiet tell know find mention say told notice shh promise private hidden out wiser suspicious anyone asks quietly hush-hush unlisted discreet discreetly sneaky sneak wink pssst shhh mum lips peep cover calladito callado nadie secreto entere
%fprice = cheaper less half double rate charge cost price money bucks discount save deal flat off rates cheap lower extra bonus dollars more split markup expensive steep pricey tenner fiver quid notes overcharge skim savings penny barato descuento mitad precio rebate knock third raise pricelist
%fown = own solo alone myself yourself ourselves yourselves independent independently unofficially unofficial personally self freelance themselves libre cuenta sideline moonlight informal informally side hustle proper ours
%fneg = no not dont without never wont cant doesnt isnt didnt shouldnt w/o sin nobody noone none neednt nope non jamais nunca ni nadie zero nix sans minus shant shan couldnt wouldnt nah aint
%ftime = next future time trip once later after month week weekend summer ends forward onward proxima tomorrow sunday saturday onwards anymore spring fall winter january february march april may june july august september october november december christmas thanksgiving easter xmas navidad lunes viernes sabado domingo regular permanently 1st
%fcome = come watch walk sit stay work coming working watching walking sitting visit visiting visits mind minding looking turn turning show showing swing pop continue carry keep vente venir voy venga squeeze fit
%fget = get give send share drop leave take grab pass put write save slip tape have got hand handing handed toss bung chuck tuck stuff shove post receive accept hang
%faway = outside off away elsewhere around instead rather behind past over another other different anywhere direct through without extra apart rid done
%fthem = them they their they're theirs em those people guys folks crew lot mob suits ellos ellas company agency office firm boss manager desk head billing corporate party third carol management hq outfit agencia oficina empresa
%fclient = client clients customer customers families family regular regulars private list roster book pet-parents households household group
%fbook = booking bookings book booked invoice contract account plan service company system log report schedule form request official logged logging clock clocked clocking record recorded paper papers paperwork subscription lapse lapses renew renewal cancel cancelled canceled cancela sick listed listing refund billing bill bills charge insurance sistema pagina calendar factura cuenta reserva reservation checkout online card add adding
%fpet = dog dogs cat cats puppy he she him her it his food walk walks treats bowl leash bed crate
%fmedium = chat thread text message call app line here there
%farrange = arrange set sort work organize organise handle plan fix agree figure schedule settle coordinate manage deal run book agreed swap trade terms price handshake favor favour understand understanding informal draw
%fmoney = cash money bills envelope dollars check cheque transfer deposit payment twenty twenties 20 50 60 40 pay paid tip wallet efectivo dinero notes bucks wad tenner fiver hundred plata lana billete billetes liquide liquido bargeld right worth properly thank generously penny bill dollar quid grand
%frefuse = sorry unfortunately afraid allowed policy rule rules permitted against company's polite supposed wish kind cannot wouldnt fired job lose insured insurance proper thanks understand appreciate flattered love
%fdone = already did told called emailed asked let checked sent changed updated confirmed done know knows sorted quit leaving dropped drop dropping rid ended end finish finished over agreed
%ffood = breakfast dinner lunch food kibble meal meals snack cookie cookies chicken rice treat treats pill pills meds water bath nap stairs
%fthing = key keys remote leash harness toy toys towel brush crate bed blanket trash mail lights light door gate alarm litter bowl bowls
%fwork = work working job jobs gig gigs hire hired employ employed nanny payroll freelance freelancer contract clients salary sit sitting sitter sitters walk walker walkers walking hiring self partner quitting
%fwould = would could can want like love rather prefer maybe wondering might should may what how id wed shall suppose consider considering open willing interest interested chance wanna gonna puedo podria quieres quiere
%fapp = app apps messenger platform ghost bird clock plane gram bubble bubbles socials social icon account profile page story stories dms inbox workspace server group channel playstation xbox steam roblox discord psn game gamer online site
%fcard = card cards flyer flyers brochure note paper sticker magnet slip
%fhealth = venom vet clinic er hospital seizure bleeding breathing emergency hurt sick vomit poison surgery bleed blood choking choke gasping gasp collapsed unconscious fainted seizing convulsing swelling swollen limp cold pale blue gums panting retching bloat bloated swallowed ate licked chewed toxic chocolate xylitol grapes insulin glucose wobbling wobbly shaking twitching foam foaming drooling swaying trapped stuck stung bitten bite attack attacked burn burned smoke fire flames flood water evac evacuate leak gas loose missing escaped drowning drowned hanging labor foaling whelping pushing stitches torn wound broken fracture hit run car truck crowbar intruder police ambulance 911 sheriff paramedics firefighters dispatch icu critical dying dead heat heatstroke
%fpass = through via using thru by past around
%fread = read reads monitor monitored monitors watch watches see sees filter filters flagged blocked blocks listen recorded
%fend = ends over leaving leave left quit quitting done contract moving starting start end gone lapse lapses expires expire runs ending dropping salgo renuncio closing through last final
%furge = now right immediately hurry asap quick quickly fast help please plz pls omg oh god run go drive call calling 911 where what straight away urgent urgently emergency minute minutes seconds rush rushing rushed wake answer ya ahora rapido corre ayuda
%fanimal = dog cat puppy kitten hen hens chicken rooster rabbit bunny guinea pig hamster parrot parakeet budgie cockatiel bird fish koi goldfish tortoise turtle lizard gecko snake ferret horse mare foal pony goat sheep lamb duck ducks mama pup perro perra gato gata cachorro conejo bearded dragon hedgehog axolotl llama donkey calf
%fbody = leg legs paw paws eye eyes ear mouth face muzzle throat tongue gums belly tummy stomach chest head neck tail hip back pad toe nose breathing breath pulse heart skin stitches bladder pee urine vomit stool temp temperature glucose
%fplace = basement kitchen garage attic road highway street tracks river pond pool creek canal balcony window roof ceiling hall stairs barn stall paddock pasture fence gate yard truck engine drain wall ice lake bridge ridge
%fhurt = wont cant stopped stuck trapped fell fallen hit bleeding hurt limp broken torn open gone missing loose lost collapsed dying dead drowned burned stung bitten choking gasping shaking swollen blocked panicking screaming yelping crying yowling crushed pinned down unresponsive barely nothing never
%fname = name named names called search google look find online profile listed results username user handle nick nickname id surname initials under picture spell spelled type put tag

// --- ordinary amounts
units: <n> .1 scoop|scoops|cup|cups|pill|pills|tablet|tablets|mg|ml|lbs|lb|oz|kg|g|minutes|min|mins|hours|hrs|hour|walks|walk|visits|visit|treats|treat|dogs|cats|times|days|day|weeks|night|nights|years|yrs|months|dollars|bucks|percent|degrees|am|pm|drops|units|puffs|cans|can|spoonful|tsp|tbsp|miles|mi|km|feet|ft|steps|blocks|bags|poops|pees|bowls|people|pieces|kibbles
`
