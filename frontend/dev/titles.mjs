// title | year | genres | rating | critic score | minutes of the main story
export const titles = `
The Witcher 3: Wild Hunt|2015|RPG,Adventure|MATURE|93|3100
Hades|2020|Action,Roguelike|TEEN|93|1320
Celeste|2018|Platformer,Indie|EVERYONE_10|91|500
Portal 2|2011|Puzzle|EVERYONE_10|95|510
Disco Elysium|2019|RPG|MATURE|91|1350
Stardew Valley|2016|Simulation,Indie|EVERYONE_10|89|3180
Hollow Knight|2017|Metroidvania,Indie|EVERYONE_10|90|1620
Outer Wilds|2019|Adventure,Puzzle|EVERYONE_10|85|990
Elden Ring|2022|RPG,Action|MATURE|94|3500
Return of the Obra Dinn|2018|Puzzle,Indie|MATURE|89|500
Slay the Spire|2019|Card Game,Roguelike|EVERYONE_10|89|
Mass Effect 2|2010|RPG,Shooter|MATURE|94|1470
Half-Life|1998|Shooter|MATURE|96|730
Half-Life 2|2004|Shooter|MATURE|96|790
Deus Ex|2000|RPG,Shooter|MATURE|90|1340
Baldur's Gate 3|2023|RPG|MATURE|96|3900
Dishonored 2|2016|Stealth,Action|MATURE|86|750
Into the Breach|2018|Strategy,Roguelike|EVERYONE|90|540
Sid Meier's Civilization VI|2016|Strategy|EVERYONE_10|88|
XCOM 2|2016|Strategy|TEEN|88|1920
Factorio|2020|Simulation,Strategy|EVERYONE_10|90|3000
RimWorld|2018|Simulation,Strategy||87|
Subnautica|2018|Survival,Adventure|EVERYONE_10|87|1800
Firewatch|2016|Adventure|MATURE|80|260
What Remains of Edith Finch|2017|Adventure|MATURE|88|130
Inside|2016|Platformer,Puzzle|MATURE|93|210
Limbo|2010|Platformer,Puzzle|TEEN|90|220
Dead Cells|2018|Roguelike,Metroidvania|TEEN|91|840
Ori and the Will of the Wisps|2020|Metroidvania|EVERYONE|90|720
Ori and the Blind Forest|2015|Metroidvania|EVERYONE|88|500
Cuphead|2017|Platformer|EVERYONE_10|88|640
Undertale|2015|RPG,Indie|EVERYONE_10|92|390
A Short Hike|2019|Adventure,Indie|EVERYONE|88|90
Unpacking|2021|Puzzle,Indie|EVERYONE|83|200
Dorfromantik|2022|Strategy,Puzzle|EVERYONE|84|600
Cyberpunk 2077|2020|RPG,Shooter|MATURE|86|1500
Red Dead Redemption 2|2018|Action,Adventure|MATURE|97|3000
Grand Theft Auto V|2013|Action|MATURE|96|1900
Control|2019|Action,Shooter|MATURE|85|690
Alan Wake 2|2023|Horror,Adventure|MATURE|89|1060
Resident Evil 4|2023|Horror,Action|MATURE|93|990
Resident Evil Village|2021|Horror|MATURE|84|590
SOMA|2015|Horror|MATURE|84|550
Amnesia: The Bunker|2023|Horror|MATURE|77|330
Forza Horizon 5|2021|Racing|EVERYONE|92|1100
DiRT Rally 2.0|2019|Racing|EVERYONE|84|
F1 23|2023|Racing,Sports|EVERYONE|82|
Rocket League|2015|Sports|EVERYONE|86|
EA SPORTS FC 24|2023|Sports|EVERYONE|75|
Football Manager 2024|2023|Sports,Simulation|EVERYONE|87|
NBA 2K24|2023|Sports|EVERYONE|68|
Halo Infinite|2021|Shooter|TEEN|87|660
Halo: The Master Chief Collection|2014|Shooter|MATURE|85|2500
Gears 5|2019|Shooter|MATURE|84|640
DOOM Eternal|2020|Shooter|MATURE|88|840
DOOM|2016|Shooter|MATURE|85|690
DOOM II: Hell on Earth|1994|Shooter|MATURE|83|500
Quake|1996|Shooter|MATURE|94|600
Titanfall 2|2016|Shooter|MATURE|86|360
Deep Rock Galactic|2020|Shooter|TEEN|85|
Left 4 Dead 2|2009|Shooter|MATURE|89|360
Team Fortress 2|2007|Shooter|MATURE|92|
Counter-Strike 2|2023|Shooter|MATURE|82|
Apex Legends|2019|Shooter|TEEN|88|
Destiny 2|2017|Shooter|TEEN|85|1020
Warframe|2013|Shooter,Action|MATURE|69|
Fallout: New Vegas|2010|RPG|MATURE|84|1650
Fallout 4|2015|RPG|MATURE|84|1620
The Elder Scrolls V: Skyrim|2011|RPG|MATURE|94|2040
The Elder Scrolls III: Morrowind|2002|RPG|TEEN|89|2700
The Elder Scrolls IV: Oblivion|2006|RPG|MATURE|94|1620
Starfield|2023|RPG|MATURE|83|1440
Planescape: Torment|1999|RPG|TEEN|91|1850
Pillars of Eternity|2015|RPG|MATURE|89|2200
Divinity: Original Sin 2|2017|RPG|MATURE|93|3560
Pathfinder: Wrath of the Righteous|2021|RPG|MATURE|83|4700
Dragon Age: Origins|2009|RPG|MATURE|91|2480
Persona 5 Royal|2019|RPG|MATURE|95|6060
Persona 4 Golden|2012|RPG|MATURE|93|4080
Final Fantasy VII|1997|RPG|TEEN|92|2250
Final Fantasy XIV|2013|RPG,MMO|TEEN|83|
NieR: Automata|2017|RPG,Action|MATURE|88|1290
Monster Hunter: World|2018|Action,RPG|TEEN|90|2880
Sekiro: Shadows Die Twice|2019|Action|MATURE|90|1790
Dark Souls III|2016|RPG,Action|MATURE|89|1900
Dark Souls: Remastered|2018|RPG,Action|MATURE|84|2500
Bloodstained: Ritual of the Night|2019|Metroidvania|TEEN|83|830
Castlevania: Symphony of the Night|1997|Metroidvania|TEEN|93|510
Shovel Knight: Treasure Trove|2014|Platformer|EVERYONE|91|420
Super Meat Boy|2010|Platformer|TEEN|87|600
Spelunky 2|2020|Platformer,Roguelike|EVERYONE_10|87|
The Binding of Isaac: Rebirth|2014|Roguelike|MATURE|86|900
Risk of Rain 2|2020|Roguelike,Shooter|TEEN|85|
Enter the Gungeon|2016|Roguelike,Shooter|TEEN|82|
Vampire Survivors|2022|Roguelike|EVERYONE_10|86|1500
Balatro|2024|Card Game,Roguelike|EVERYONE_10|90|
Monster Train|2020|Card Game,Roguelike|EVERYONE_10|86|
Inscryption|2021|Card Game,Horror|TEEN|85|720
Gwent: The Witcher Card Game|2018|Card Game|TEEN|80|
Loop Hero|2021|Roguelike,RPG|EVERYONE_10|82|1300
Darkest Dungeon|2016|RPG,Roguelike|TEEN|84|3300
FTL: Faster Than Light|2012|Strategy,Roguelike||84|
Crusader Kings III|2020|Strategy|TEEN|91|
Europa Universalis IV|2013|Strategy|EVERYONE_10|87|
Stellaris|2016|Strategy|EVERYONE_10|78|
Total War: WARHAMMER III|2022|Strategy|TEEN|86|
Age of Empires II: Definitive Edition|2019|Strategy|TEEN|84|2100
StarCraft: Remastered|2017|Strategy|TEEN|85|1500
Heroes of Might and Magic III|1999|Strategy|EVERYONE|87|2700
Anno 1800|2019|Strategy,Simulation|TEEN|81|1700
Cities: Skylines|2015|Simulation|EVERYONE|85|
SimCity 2000|1993|Simulation|EVERYONE||
RollerCoaster Tycoon 2|2002|Simulation|EVERYONE|74|
Planet Coaster|2016|Simulation|EVERYONE|84|
Two Point Hospital|2018|Simulation|TEEN|83|1900
Oxygen Not Included|2019|Simulation,Survival||86|
Kerbal Space Program|2015|Simulation|EVERYONE|88|
Microsoft Flight Simulator|2020|Simulation|EVERYONE|91|
Euro Truck Simulator 2|2012|Simulation||79|
PowerWash Simulator|2022|Simulation|EVERYONE|76|2300
American Truck Simulator|2016|Simulation||77|
Valheim|2021|Survival||81|
Terraria|2011|Survival,Adventure|TEEN|83|3100
Minecraft|2011|Survival,Adventure|EVERYONE_10|93|
Don't Starve Together|2016|Survival|TEEN|83|
The Long Dark|2017|Survival|TEEN|78|1900
Grounded|2022|Survival|TEEN|82|1900
Project Zomboid|2013|Survival|||
No Man's Sky|2016|Survival,Adventure|TEEN|61|1900
Tunic|2022|Adventure,Puzzle|EVERYONE_10|85|760
Death's Door|2021|Action,Adventure|TEEN|85|540
Hyper Light Drifter|2016|Action,Indie|TEEN|84|460
Bastion|2011|Action,RPG|EVERYONE_10|86|400
Transistor|2014|RPG,Action|TEEN|83|420
Pyre|2017|RPG|TEEN|85|590
Cocoon|2023|Puzzle|EVERYONE|88|300
The Talos Principle|2014|Puzzle|EVERYONE_10|85|980
The Witness|2016|Puzzle|EVERYONE|87|1320
Baba Is You|2019|Puzzle|EVERYONE|87|1400
Opus Magnum|2017|Puzzle||90|1800
SpaceChem|2011|Puzzle||84|
Chants of Sennaar|2023|Puzzle,Adventure|EVERYONE|85|510
Viewfinder|2023|Puzzle|EVERYONE|82|280
Superliminal|2019|Puzzle|EVERYONE|74|160
Gorogoa|2017|Puzzle|EVERYONE|84|120
Monument Valley|2014|Puzzle|EVERYONE|89|90
Journey|2012|Adventure|EVERYONE|92|120
ABZÛ|2016|Adventure|EVERYONE|83|120
Gris|2018|Platformer|EVERYONE|83|220
Spiritfarer|2020|Simulation,Adventure|TEEN|84|1470
Sayonara Wild Hearts|2019|Rhythm|EVERYONE_10|86|80
Thumper|2016|Rhythm|EVERYONE_10|85|
Beat Saber|2019|Rhythm|EVERYONE|93|
Crypt of the NecroDancer|2015|Rhythm,Roguelike|EVERYONE|87|
Hi-Fi RUSH|2023|Rhythm,Action|TEEN|89|630
Psychonauts 2|2021|Platformer|TEEN|89|810
It Takes Two|2021|Platformer,Adventure|TEEN|88|840
A Way Out|2018|Adventure|MATURE|78|370
Brothers: A Tale of Two Sons|2013|Adventure|TEEN|86|190
Life is Strange|2015|Adventure|MATURE|81|840
Kentucky Route Zero|2020|Adventure|EVERYONE_10|81|540
Oxenfree|2016|Adventure|TEEN|80|270
Night in the Woods|2017|Adventure|TEEN|88|480
Citizen Sleeper|2022|RPG|TEEN|82|410
Norco|2022|Adventure||89|340
Pentiment|2022|Adventure,RPG|TEEN|86|950
Paradise Killer|2020|Adventure|MATURE|83|900
Grim Fandango Remastered|2015|Adventure|TEEN|84|680
Monkey Island 2: LeChuck's Revenge|1991|Adventure|EVERYONE|85|580
Day of the Tentacle Remastered|2016|Adventure|TEEN|86|450
Myst|1993|Puzzle,Adventure|EVERYONE|82|480
Broken Sword: The Shadow of the Templars|1996|Adventure|TEEN||600
Thief II: The Metal Age|2000|Stealth|TEEN|87|1560
Hitman World of Assassination|2021|Stealth|MATURE|87|
Metal Gear Solid V: The Phantom Pain|2015|Stealth,Action|MATURE|91|2770
Mark of the Ninja|2012|Stealth|TEEN|91|480
Assassin's Creed II|2009|Action,Stealth|MATURE|90|1170
Assassin's Creed Odyssey|2018|Action,RPG|MATURE|83|2700
God of War|2018|Action,Adventure|MATURE|94|1260
Horizon Zero Dawn|2017|Action,RPG|TEEN|89|1350
Ghost of Tsushima|2020|Action|MATURE|83|1500
Marvel's Spider-Man|2018|Action|TEEN|87|1020
Uncharted 4: A Thief's End|2016|Action,Adventure|TEEN|93|910
The Last of Us Part I|2022|Action,Horror|MATURE|88|870
Bloodborne|2015|RPG,Action|MATURE|92|1980
Astro's Playroom|2020|Platformer|EVERYONE_10|83|200
Returnal|2021|Roguelike,Shooter|TEEN|86|1200
Death Stranding|2019|Adventure|MATURE|86|2430
Devil May Cry 5|2019|Action|MATURE|88|680
Bayonetta|2009|Action|MATURE|90|690
Vanquish|2010|Shooter|MATURE|84|360
Street Fighter 6|2023|Fighting|TEEN|92|
TEKKEN 8|2024|Fighting|TEEN|90|
Guilty Gear -Strive-|2021|Fighting|TEEN|87|
Skullgirls 2nd Encore|2015|Fighting|TEEN|82|
Phoenix Wright: Ace Attorney Trilogy|2019|Adventure|TEEN|81|3600
Danganronpa: Trigger Happy Havoc|2010|Adventure|MATURE|82|1500
13 Sentinels: Aegis Rim|2019|Adventure,Strategy|TEEN|85|1900
Yakuza 0|2015|Action,RPG|MATURE|85|1860
Like a Dragon: Infinite Wealth|2024|RPG|MATURE|89|2900
Judgment|2018|Action|MATURE|80|1740
Katamari Damacy REROLL|2018|Action|EVERYONE|80|360
Untitled Goose Game|2019|Puzzle|EVERYONE|81|200
Donut County|2018|Puzzle|EVERYONE|77|120
Goat Simulator|2014|Simulation|TEEN|62|330
Human: Fall Flat|2016|Puzzle|EVERYONE|70|310
Overcooked! 2|2018|Simulation|EVERYONE|81|540
Moving Out|2020|Simulation|EVERYONE_10|74|440
Plate Up!|2022|Simulation||79|
Lethal Company|2023|Horror|||
Phasmophobia|2020|Horror|||
Among Us|2018|Action|EVERYONE_10|85|
Fall Guys|2020|Platformer|EVERYONE|80|
Sea of Thieves|2018|Adventure|TEEN|69|
Genshin Impact|2020|RPG|TEEN|84|
Path of Exile|2013|RPG|MATURE|86|1600
Diablo IV|2023|RPG|MATURE|86|1500
Diablo II: Resurrected|2021|RPG|MATURE|80|1380
Torchlight II|2012|RPG|TEEN|88|1260
Grim Dawn|2016|RPG|MATURE|83|1900
Titan Quest Anniversary Edition|2016|RPG|TEEN|77|2040
Desperados III|2020|Stealth,Strategy|MATURE|86|1560
Shadow Tactics: Blades of the Shogun|2016|Stealth,Strategy|MATURE|85|1500
Commandos 2|2001|Stealth,Strategy|TEEN|87|1800
Invisible, Inc.|2015|Stealth,Strategy|TEEN|82|600
Frostpunk|2018|Strategy,Survival|MATURE|84|600
This War of Mine|2014|Survival|MATURE|83|660
Papers, Please|2013|Puzzle||85|280
Cultist Simulator|2018|Card Game||71|1560
Sunless Sea|2015|RPG||81|2200
Dave the Diver|2023|Adventure,Simulation|TEEN|90|1440
Dredge|2023|Adventure,Horror|TEEN|81|590
Cult of the Lamb|2022|Roguelike,Simulation|TEEN|82|850
Slime Rancher|2017|Simulation|EVERYONE|81|960
Viva Piñata|2006|Simulation|EVERYONE|84|1800
Banjo-Kazooie|1998|Platformer|EVERYONE|92|1020
Conker's Bad Fur Day|2001|Platformer|MATURE|92|700
Perfect Dark|2000|Shooter|TEEN|97|520
Fable Anniversary|2014|RPG|MATURE|73|760
Jade Empire: Special Edition|2007|RPG|MATURE|81|960
Star Wars: Knights of the Old Republic|2003|RPG|TEEN|93|1740
Star Wars Jedi: Survivor|2023|Action,Adventure|TEEN|85|1220
LEGO Star Wars: The Skywalker Saga|2022|Adventure|EVERYONE_10|79|1140
Psychonauts|2005|Platformer|TEEN|88|750
Grow Home|2015|Platformer|EVERYONE_10|79|240
Proteus|2013|Adventure|||60
Superhot|2016|Shooter|TEEN|82|150
Hotline Miami|2012|Action|MATURE|85|320
Katana ZERO|2019|Action|MATURE|83|270
Downwell|2015|Platformer|EVERYONE_10|81|
N++|2016|Platformer|EVERYONE|86|
Nidhogg|2014|Fighting|TEEN|81|
Lumines Remastered|2018|Puzzle,Rhythm|EVERYONE|85|
Tetris Effect: Connected|2020|Puzzle,Rhythm|EVERYONE|91|200
Rez Infinite|2016|Rhythm,Shooter|TEEN|89|120
Ikaruga|2001|Shooter|EVERYONE_10|85|60
Cave Story+|2011|Metroidvania|EVERYONE|81|450
La-Mulana 2|2018|Metroidvania||81|2100
Axiom Verge|2015|Metroidvania|EVERYONE_10|84|700
Environmental Station Alpha|2015|Metroidvania|||600
Animal Well|2024|Metroidvania,Puzzle|EVERYONE_10|91|420
UFO 50|2024|Action,Indie|TEEN|91|
Pizza Tower|2023|Platformer|TEEN|89|480
Lunacid|2023|RPG|||700
黑神话：悟空|2024|Action,RPG|MATURE|81|2350
東方紅魔郷|2002|Shooter|||
Ведьмак|2007|RPG|MATURE|81|2100
シュタインズ・ゲート|2009|Adventure|MATURE|87|1900
S.T.A.L.K.E.R.: Shadow of Chernobyl|2007|Shooter,Survival|MATURE|82|950
Metro Exodus|2019|Shooter|MATURE|82|900
Prey|2017|Shooter,RPG|MATURE|82|1000
System Shock 2|1999|RPG,Horror|MATURE|92|800
BioShock|2007|Shooter|MATURE|96|740
BioShock Infinite|2013|Shooter|MATURE|94|690
Spec Ops: The Line|2012|Shooter|MATURE|76|370
Max Payne|2001|Shooter|MATURE|89|470
Alpha Protocol|2010|RPG|MATURE|72|830
Kingdom Come: Deliverance|2018|RPG|MATURE|76|2500
Mount & Blade: Warband|2010|RPG|TEEN|78|
Kenshi|2018|RPG,Survival||75|
Caves of Qud|2024|RPG,Roguelike||91|
Cogmind|2017|Roguelike|||
NetHack|1987|Roguelike|||
Dwarf Fortress|2022|Simulation||93|
We Were Here Together|2019|Puzzle|EVERYONE_10|72|340
Operation: Tango|2021|Puzzle|EVERYONE_10|75|250
I Was a Teenage Exocolonist|2022|RPG|TEEN|85|480
80 Days|2014|Adventure|EVERYONE_10|84|150
`.trim().split('\n').map((line) => {
  const [title, year, genres, esrb, critic, minutes] = line.split('|');
  return { title, year: Number(year), genres: genres.split(','), esrb: esrb || null, critic: critic ? Number(critic) : null, minutes: minutes ? Number(minutes) : null };
});
