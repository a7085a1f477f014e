/* F(n) for each n from 1 to 40. */
#define SIZES_1_TO_20(F) F(1) F(2) F(3) F(4) F(5) F(6) F(7) F(8) F(9) F(10) F(11) F(12) F(13) F(14) \
	F(15) F(16) F(17) F(18) F(19) F(20)
#define SIZES_21_TO_40(F) F(21) F(22) F(23) F(24) F(25) F(26) F(27) F(28) F(29) F(30) F(31) F(32) \
	F(33) F(34) F(35) F(36) F(37) F(38) F(39) F(40)
