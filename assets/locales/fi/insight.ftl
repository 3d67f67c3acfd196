# Mitä opetettu verkko tekee: ennusteet, rajat, entä jos, opetuksen vointi.

insight-not-ready = Vielä ei voi ennustaa: verkko tarvitsee häviön, tavoitteen ja aineiston rivejä. Ongelmat-paneeli kertoo, mitä puuttuu.
insight-computing = Lasketaan …
insight-step = painot askeleen { $step } jälkeen
insight-step-older = vanhemmista painoista, askeleen { $step } jälkeen

predictions-no-loss = Täällä ei ennusteta mitään: johdota tavoite ja verkon viimeinen solmu häviöön.
predictions-loss = Minkä häviön ennusteet
predictions-part = Minkä osan rivit
predictions-all = Kaikki rivit
predictions-training = Opetusosa
predictions-validation = Validointiosa
predictions-only-wrong = Vain väärät
predictions-cell = { $truth } luultu luokaksi { $said }
predictions-cell-hint = Luettelossa ovat vain tämän sekaannusmatriisin ruudun rivit. Napsautus palauttaa kaikki.
predictions-cell-count = { $n ->
    [one] Yksi rivi
   *[other] { $n } riviä
 }, luokka { $truth }, ennuste { $said }: näytä vain nämä
predictions-rows = { $n ->
    [one] yksi rivi
   *[other] { $n } riviä
 }
predictions-truth = Oikea
predictions-said = Ennuste
predictions-of = { $what } { $output }
predictions-picture = Kuva
predictions-probability = P({ $class })
predictions-error = Virhe
predictions-miss = 1 − P(oikea)
predictions-sort = Lajittele: { $column }
predictions-sort-hint = Lajittele tämän sarakkeen mukaan. Toinen napsautus kääntää järjestyksen.
predictions-sort-worst = Pahimmat ensin. Toinen napsautus kääntää järjestyksen.
predictions-plot = Ennuste ja tosi arvo
predictions-residuals = Virheet suhteessa arvoon
predictions-against = Mihin virheitä verrataan
predictions-score-title = Arvioi verkko toisella tiedostolla
predictions-score-hint = Mittaa verkon toisen tiedoston riveillä, esimerkiksi testiaineistolla, jonka rivit valmistellaan kuten omat rivit. Niistä ei opita mitään.
predictions-score-forget = Unohda { $file }
predictions-score-empty = Tiedostossa { $file } ei ole riviä, jonka verkko voisi lukea: jokaiselta riviltä puuttuu arvo. Vertaa sen sarakkeita Aineisto-paneelin sarakkeisiin.
predictions-score-rows = Luettelossa ovat tiedoston { $file } rivit, valmisteltuina kuten mallin omat; niistä ei opita mitään. Muut paneelit näyttävät vain mallin oman aineiston rivejä, joten napsautus ei valitse täältä mitään.
predictions-score-row = Tiedoston { $file } rivi. Muut paneelit näyttävät vain mallin oman aineiston rivejä.
predictions-score-lost = Tiedostoa ei voitu arvioida: työ katosi kesken. Yritä uudelleen.
menu-score-file = Arvioi toisella tiedostolla …
predictions-scores = Luokittain
predictions-precision = Täsmällisyys
predictions-recall = Saanti
predictions-f1 = F1
predictions-support = Rivejä
predictions-roc = ROC-käyrä, AUC { $auc }
predictions-false-positives = väärät hälytykset
predictions-true-positives = oikeat osumat
predictions-reliability = Toteutuvatko todennäköisyydet?
predictions-reliability-note = Viivalla 80 prosentin varmuudella sanottu toteutuu 80 prosentissa riveistä. Suurempi piste on useampi rivi.
predictions-said-probability = sanottu
predictions-found-share = toteutunut
predictions-no-roc-title = ROC-käyrä
predictions-no-roc = Käyrään tarvitaan kummankin luokan rivejä: jokainen luettelon rivi on luokkaa { $class }. Valitse toisen osan rivit tai kaikki.
predictions-no-known-class = Lukuja ei ole: yksikään luettelon rivi ei kuulu luokkaan, jonka verkko tuntee.
predictions-no-precision = Yhtäkään riviä ei luultu tähän luokkaan, joten osuutta oikeista ei ole.
predictions-no-recall = Yksikään rivi ei ole tätä luokkaa, joten osuutta löydetyistä ei ole.
predictions-no-f1 = Yksikään rivi ei ole tätä luokkaa eikä yhtäkään luultu siihen.
predictions-no-truth = Tiedosto ei kerro oikeita arvoja: sen rivit ennustetaan, mutta mitään ei voi mitata eikä piirtää.
predictions-not-validated = Validointiosassa ei ole rivejä. Validoinnin osuus asetetaan Aineisto-paneelissa.
predictions-none-listed = Luettelossa ei ole rivejä, joten piirrettävää ei ole. Valitse yllä kaikki rivit tai poista suodatus.
predictions-unknown-class = Verkko ei tunne tätä luokkaa: sitä ei ole yhdelläkään opetusrivillä. Rivi lasketaan vääräksi.
predictions-plotted = Mikä ulostulo piirretään
predictions-score-no-truth = Tiedostossa ei ole saraketta { $columns }: sen rivit ennustetaan, mutta mitään ei mitata. Lisää sarake, niin saat mittarit.
predictions-score-no-input = Tiedostossa { $file } ei ole saraketta { $columns }, jota verkko lukee. Löytyivät: { $found }. Nimeä sarake uudelleen tiedostossa tai valitse toinen tiedosto.

rollout-check = Omista ennusteista
rollout-check-hint = Valitusta rivistä alkaen verkko lukee tiedoston sijasta omia ennusteitaan: ennuste monen rivin päähän. Jokainen palautetaan alkuperäisiin yksiköihin ja valmistellaan kuten tiedoston luvut.
rollout-after = rivin jälkeen
rollout-rows = eteenpäin
rollout-errors = Keskineliövirheen juuri: yhden askeleen päähän { $one }, omista ennusteista { $rolled }.
rollout-no-windows = Ennustetta ei voi jatkaa omista ennusteista: rivit on kirjoitettu käsin tai jokainen on oma sarjansa. Valitse Aineisto-paneelissa peräkkäisten rivien ikkunat.
rollout-classes = Ennustetta ei voi jatkaa omista ennusteista: verkko ennustaa luokan, jota syöte ei voi lukea lukuna.
rollout-nothing-ahead = Ennustetta ei voi jatkaa omista ennusteista: tavoite on luettavilla riveillä, joten tulevista riveistä ei sanota mitään. Aseta Aineisto-paneelissa ennustehorisontiksi vähintään 1.
rollout-target-not-read = Ennustetta ei voi jatkaa omista ennusteista: mikään syöte ei lue ennustettavaa saraketta. Anna tavoitteen sarake myös syötteelle.
rollout-other-inputs = { $n ->
    [one] Ennustetta ei voi jatkaa omista ennusteista: syöte lukee myös sarakkeen { $columns }, jota kukaan ei tunne tulevilta riveiltä. Jätä se pois syötteestä tai ennusta sekin.
   *[other] Ennustetta ei voi jatkaa omista ennusteista: syötteet lukevat myös sarakkeet { $columns }, joita kukaan ei tunne tulevilta riveiltä. Jätä ne pois syötteistä tai ennusta nekin.
 }
rollout-no-start = Ennustetta ei voi jatkaa rivin { $row } jälkeen: sitä ennen riveiltä puuttuu arvoja. Valitse toinen rivi.

boundary-x = Vaaka-akseli
boundary-y = Pystyakseli
boundary-one-input = yksi syöte yksin
boundary-of = Mitä näytetään
boundary-prediction = ennuste
boundary-output = ulostulo { $class }
boundary-unit = { $node }, yksikkö { $unit }
boundary-others = muut:
boundary-start = Missä muut syötteet ovat
boundary-mean = keskiarvo
boundary-mean-categories = keskiarvo, yleisin luokka
boundary-prediction-of = häviön { $loss } ennuste
boundary-newest-step = Verkko lukee { $n } aika-askelta. Akselit muuttavat uusinta; aiemmat pysyvät kuten alussa.
boundary-categories = Akselilla voi olla vain lukuja. Luokkamuuttujat pysyvät kuten alussa: { $columns }. Entä jos -paneeli kokeilee niistä jokaista.
boundary-row = rivi { $row }
boundary-more-classes = ja { $n } muuta
boundary-probability = todennäköisyys
boundary-key-training = opetusrivi
boundary-key-validation = validointirivi
color-scale = Värit kulkevat arvosta { $low } arvoon { $high }.
boundary-nothing = Mikään syöte ei ole luku. Kenttä tarvitsee ainakin yhden: anna jollekin lukusarakkeelle piirteen rooli Aineisto-paneelissa.

landscape-not-ready = Häviötä ei vielä ole: verkko tarvitsee painoja, häviön, tavoitteen ja aineiston rivejä. Ongelmat-paneeli kertoo, mitä puuttuu.
landscape-nothing-moves = Mitään ei voi siirtää: jokainen paino on jäädytetty tai nolla. Vapauta painoja tai arvo ne uudelleen valinnalla Opeta ▸ Arvo painot uudelleen siemenluvusta.
landscape-no-path = Polkua, jonka komponentit voisi näyttää, ei vielä ole: opeta muutama askel tämän paneelin ollessa auki.
landscape-path-stays = Painot eivät liikkuneet tallennetuilla askeleilla, joten polulla ei ole komponentteja: jokainen paino on jäädytetty, sen gradientti on nolla tai oppimisnopeus on liian pieni.
landscape-not-finite = Häviö ei ole äärellinen luku painojen kohdalla eikä niiden ympärillä: painot ovat liian suuria. Kumoa, palauta tallennettu ajo tai arvo painot uudelleen valinnalla Opeta ▸ Arvo painot uudelleen siemenluvusta, ja opeta pienemmällä oppimisnopeudella.
landscape-no-log = Häviö on täällä negatiivinen tai kaikkialla nolla: sillä ei ole logaritmia, joten asteikko on lineaarinen.
landscape-along = Minkä suuntaan painoja siirretään
landscape-random = Satunnaiset suunnat
landscape-random-note = Kumpikin suunta on satunnainen ja joka yksikön kohdalla yhtä pitkä kuin yksikön omat painot; vakiotermit pysyvät. Kohdassa 1 painot ovat muuttuneet oman suuruutensa verran.
landscape-components = Polun komponentit
landscape-components-note = Akselit ovat painojen kulkeman polun pääkomponentit painojen nykyisestä paikasta katsoen.
landscape-weights = Yksittäiset painot
landscape-weights-note = Kaikki muu pysyy ennallaan. Akseleilla ovat painojen omat arvot.
landscape-again = Toiset suunnat
landscape-again-hint = Arpoo toiset satunnaiset suunnat. Se, mikä näkyy kaikissa, ei ole sattumaa.
landscape-two = Kaksi suuntaa
landscape-reach = säde ×
landscape-log = Logaritminen
landscape-last-steps = Vain viimeiset askeleet
landscape-last-steps-hint = Näyttää polusta vain viimeiset 60 tallennettua askelta eikä kaikkea painojen asettamisesta alkaen.
landscape-weight = Akselin { $axis } paino
landscape-row = Akselin { $axis } painon rivi
landscape-column = Akselin { $axis } painon sarake
landscape-direction = suunta { $n }
landscape-component = komponentti { $n } ({ $share } %)
landscape-loss = Häviö on { $loss } siellä, missä painot ovat (risti), { $n ->
    [one] opetusosan ainoalla rivillä
   *[other] kaikilla opetusosan { $n } rivillä
 }.
landscape-loss-some = Häviö on { $loss } siellä, missä painot ovat (risti), { $n } rivillä opetusosan { $of } rivistä.
landscape-shown = Polun neliöityistä etäisyyksistä { $share } % on kuvan tasossa; loppu näkyy ylhäältä päin. Suurin osa näkyy, kun valitset ”Polun komponentit”.
landscape-explained = Ensimmäinen komponentti selittää polusta { $x } %, toinen { $y } %.
landscape-path = Polku kulkee askeleesta { $from } (ympyrä) askeleeseen { $to }. Tason vieressä olevan pisteen häviö voi olla toinen kuin sen alla.
landscape-no-path-yet = Opeta muutama askel tämän paneelin ollessa auki: silloin tähän piirtyy myös painojen polku.

what-if-reset = Peru muutokset
what-if-reset-hint = Kaikki syötteet kuten alussa.
what-if-nothing = Täällä ei ennusteta mitään: johdota tavoite ja verkon viimeinen solmu häviöön.
what-if-change-hint = Muutos alkutilanteen ennusteesta.
what-if-slope = +1 → { $slope }
what-if-slope-hint = ∂ { $of } / ∂ { $input } = { $slope }: näin paljon { $of } muuttuu, kun { $input } kasvaa yhdellä ja muu pysyy ennallaan. Tarkka tässä pisteessä; kauempana kulmakerroin voi olla toinen.
what-if-choices-hint = Mitä { $of } olisi muilla luokilla.
what-if-start = Lähtökohta:

health-nothing = Mitään ei ole vielä nähty. Kun verkolla on häviö, tavoite ja aineiston rivejä, tämä paneeli seuraa opetuksen aikana jokaisen kerroksen painoja, aktivaatioita ja gradientteja.
health-shown = Mitä piirretään
health-parameter = Mistä parametrista
health-step = askeleen { $step } jälkeen
health-weights = Painot
health-activations = Aktivaatiot
health-gradients = Gradientit
health-grad-norms = Gradientin normi
health-grad-norms-note = Kunkin kerroksen painojen gradientin normi logaritmisella asteikolla.
health-update-ratios = Päivitys / paino
health-update-ratios-note = ‖Δ‖ / ‖W‖: kuinka suuren osan painoista seuraava päivitys muuttaa. Tavallisesti noin tuhannesosan.
health-idle = Kuolleet ja kyllästyneet
health-idle-note = Kuinka monta prosenttia ReLUn yksiköistä on nolla joka rivillä ja sigmoidin tai tanh:n tuloksista on ääripäässä.
health-steps = askel
health-layer = Kerros
health-layer-hint = Napsautus valitsee kerroksen täällä ja piirroksessa.
health-norm = ‖grad‖
health-norm-hint = Kerroksen painojen gradientin normi sellaisena kuin vastavirta sen jätti.
health-ratio = ‖Δ‖ / ‖W‖
health-ratio-hint = Kuinka suuren osan painoista seuraava päivitys muuttaa. Tavallisesti noin tuhannesosan.
health-stuck = jumissa
health-stuck-hint = Kuinka suuri osa ReLUn yksiköistä on nolla joka rivillä tai sigmoidin tai tanh:n tuloksista on ääripäässä: siitä gradientti ei pääse juurikaan läpi.
health-distribution = { $what }, { $layer }: { $low } … { $high }, neliöllinen keskiarvo { $rms }.
health-zeros = Nollia on { $share } %.
health-no-weights = Tällä kerroksella ei ole painoja. Valitse kerros, jolla on, tai näytä aktivaatiot.
health-no-gradients = Tämän kerroksen painoihin ei tule gradienttia, tai painoja ei ole.
health-no-units = Missään kerroksessa ei ole ReLUa, sigmoidia eikä tanh:ta.

health-vanishing = { $layer }: gradientti häviää matkalla tänne; myöhemmät kerrokset oppivat ainakin kymmenentuhatta kertaa nopeammin. Kokeile ReLUa sigmoidin tai tanh:n sijasta, oikopolkua joidenkin kerrosten ohi Summa-solmulla tai vähempiä kerroksia.
health-exploding = { $layer }: luvut räjähtävät. Kokeile pienempää oppimisnopeutta, gradientin leikkausta normin mukaan (Opetus-paneeli) tai pienempiä alkupainoja ja arvo sitten painot uudelleen.
health-vanishing-time = { $layer }: gradientti häviää matkalla ajassa taaksepäin: ensimmäisiin askeliin saapuu alle kymmenestuhannesosa, joten kaukaisesta ei opita mitään. Kokeile LSTM:ää tai GRU:ta, vähempiä aika-askelia tai suurempia takaisinkytkennän painoja.
health-exploding-time = { $layer }: gradientti räjähtää matkalla ajassa taaksepäin: ensimmäisissä askelissa se on yli tuhat kertaa niin suuri kuin viimeisessä. Kokeile gradientin leikkausta normin mukaan (Opetus-paneeli), pienempiä takaisinkytkennän painoja tai katkaistua vastavirtaa ja arvo sitten painot uudelleen.
health-dead = { $layer }: yksiköistä { $percent } % on kuollut: ne antavat joka rivillä nollan eivätkä opi mitään. Kokeile pienempää oppimisnopeutta, vuotavaa ReLUa tai nollasta alkavia vakiotermejä ja arvo sitten painot uudelleen.
health-saturated = { $layer }: tuloksista { $percent } % on ääripäässä, josta gradientti ei juuri pääse läpi. Kokeile pienempiä alkupainoja (Xavier), skaalattuja syötteitä tai ReLUa.
health-rate-too-high = { $layer }: yksi päivitys muuttaa painoista { $percent } %, joten oppiminen heittelehtii. Oppimisnopeus on liian suuri: kokeile kymmenesosaa ja arvo sitten painot uudelleen.
health-rate-too-low = { $layer }: häviö laskee, mutta niin hitaasti, että oppimisnopeus lienee liian pieni: kokeile kymmenkertaista.

runs-nothing = Yhtään ajoa ei ole vielä säilytetty. Opeta: ajo, joka päättyy tai pysäytetään, säilyy itsestään käyrineen, asetuksineen ja painoineen mallitiedostossa muihin vertailtavaksi.
runs-keep = Säilytä tämä ajo
runs-keep-hint = Ajo, joka päättyy tai pysäytetään, säilyy itsestään. Tämä säilyttää sen, mihin yksittäiset askeleet johtivat, tai poistetun ajon.
runs-full = Ajoja säilytetään enintään { $most }, ja kaikilla niillä on nimi. Poista jokin, jotta uusi mahtuu.
runs-made-room = Ajoja säilytetään enintään { $most }, joten näitä ei enää ole: { $names }. Nimeämäsi ajo säilyy.
runs-made-room-weights = Ajojen painoja säilytetään yhteensä enintään miljoona, joten näiltä ajoilta ne puuttuvat: { $names }. Nimeämäsi ajo pitää omansa.
runs-seeds = Sama { $n } muulla siemenluvulla
runs-seeds-hint = Opettaa saman verkon taustalla uusista arvotuista painoista seuraavilla siemenluvuilla ja säilyttää ajot: kuinka paljon on tuuria?
runs-stop = Pysäytä
runs-spread = { $names }: { $n } siemenlukua, lopullinen häviö { $mean } ± { $deviation } (keskiarvo ja keskihajonta).
runs-numbered = Ajo { $n }
runs-named = { $name }
runs-band = { $n } siemenluvun keskiarvo ± hajonta
runs-drawing = Piirros
runs-other-drawing = Tämän ajon verkko oli piirretty toisin kuin se, joka nyt on piirrettynä.
runs-older-drawing = Ne jatkuvat sillä piirroksella, joka oli niiden alkaessa.
runs-no-place = Ajon { $name } painoille ei ole paikkaa nykyisessä piirroksessa: kerrokset tai niiden koot ovat toiset. Kumoa sen jälkeiset muutokset tai avaa malli sellaisena kuin se silloin tallennettiin.
runs-diverged = { $n ->
    [one] Yhdellä muulla siemenluvulla luvuista tuli äärettömiä tai NaN; sitä ajoa ei säilytetä.
   *[other] { $n } muulla siemenluvulla luvuista tuli äärettömiä tai NaN; niitä ajoja ei säilytetä.
}
runs-limits = Mallitiedostossa säilytetään enintään { $most } ajoa ja niiden painoja yhteensä enintään miljoona, jolloin tiedosto kasvaa enintään 12 Mt, kaksoistarkkuudella 20 Mt. Sen jälkeen vanhimmat nimettömät väistyvät. Tyhjä nimi palauttaa numeron.
runs-name = Ajo
runs-epochs = Epookit
runs-draw = Piirrä ajon { $name } käyrä
runs-rename = Ajon { $name } nimi
runs-restore = Ota takaisin ajon { $name } painot
runs-restore-hint = Ottaa takaisin painot ja asetukset, joihin tämä ajo päättyi. Sen voi kumota.
runs-no-weights = Tämän ajon painoja ei ole säilytetty: kaikkien ajojen painoista säilytetään yhteensä enintään miljoona lukua.
runs-delete = Poista { $name }

# Optimoijien polut vapaiden tensorien funktion yllä.
descent-steps = askelia
descent-rate = oppimisnopeus { $rate } kaikille
descent-alone = f yksin
descent-momentum = SGD, momentum { $momentum }
descent-same-gradient = Alussa gradientti on kaikille sama: ({ $gradient }). Ero on siinä, mitä kukin optimoija siitä tekee: vastavirta laskee gradientin, optimoija ottaa askeleen.
descent-end = { $n ->
    [one] yhden askeleen
   *[other] { $n } askeleen
 } jälkeen: { $place }, f = { $value }
descent-no-value = Funktiolla f ei ole arvoa alussa: anna tensoreille muita lukuja.
