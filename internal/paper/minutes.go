package paper

import "fmt"

// entry sets "label: value" on a line of its own.
func (w *writer) entry(label, value string) {
	w.para(run{text: label + ": ", style: plain}, run{text: " " + value, style: plain})
}

func (w *writer) minutes() {
	day, month, year := printedDay(w.day)
	w.para(run{text: "Thời gian bắt đầu: ", style: strong}, run{text: fmt.Sprintf(" %02d giờ %02d phút, ngày %s tháng %s năm %s.", w.dice.between(7, 15), w.dice.between(0, 5)*10, day, month, year), style: plain})
	w.para(run{text: "Địa điểm: ", style: strong}, run{text: " Phòng họp số " + fmt.Sprint(w.dice.between(1, 9)) + ", trụ sở " + w.tone(w.agency.named) + ".", style: plain})
	w.para(run{text: "Thành phần tham dự: ", style: strong}, run{text: " " + fmt.Sprintf("%02d", w.dice.between(8, 42)) + " người, có danh sách kèm theo.", style: plain})
	w.entry("Chủ trì (chủ tọa)", w.dice.person())
	w.entry("Thư ký (người ghi biên bản)", w.dice.person())
	w.para(run{text: "Nội dung:", style: strong})
	for i := range w.dice.between(3, 5) {
		w.say(fmt.Sprintf("%d. ", i+1) + w.prose(w.dice.between(1, 3)))
	}
	w.say(fmt.Sprintf("Cuộc họp kết thúc vào %02d giờ %02d phút cùng ngày, nội dung này đã được các thành viên dự họp thông qua và cùng ký vào biên bản./.", w.dice.between(9, 17), w.dice.between(0, 5)*10))
}

func (w *writer) agreement() {
	w.bases()
	for _, side := range []string{"BÊN A", "BÊN B"} {
		name := w.tone(w.agency.named)
		if side == "BÊN B" {
			name = "Công ty trách nhiệm hữu hạn " + w.dice.one(givenWomen...) + " " + w.dice.one(givenMen...)
		}
		w.para(run{text: side + ": ", style: strong}, run{text: " " + name, style: strong})
		w.entry("Đại diện", w.dice.person())
		w.entry("Địa chỉ", fmt.Sprintf("Số %d, đường %s, %s", w.dice.between(2, 380), w.dice.one(streets...), w.agency.place))
		w.entry("Điện thoại", fmt.Sprintf("02%02d.3%06d", w.dice.between(3, 99), w.dice.IntN(1000000)))
	}
	w.say("Hai bên thống nhất ký kết với các điều khoản sau đây:")
	for i := range w.dice.between(3, 5) {
		w.para(run{text: fmt.Sprintf("Điều %d. ", i+1), style: strong}, run{text: " " + w.prose(w.dice.between(1, 3)), style: plain})
	}
	w.say("Văn bản được lập thành 04 bản có giá trị như nhau, mỗi bên giữ 02 bản./.")
}

func (w *writer) slip() {
	who, day := w.dice.person(), w.fill("{han}")
	switch w.typ.Kind {
	case "giay-moi":
		w.say(w.tone(w.agency.named) + " trân trọng kính mời:")
		w.para(run{text: "Ông (bà) " + who + ", " + w.dice.one("Chánh Văn phòng", "Trưởng phòng Tổ chức - Hành chính", "Giám đốc Trung tâm"), style: strong})
		w.entry("Nội dung", "Họp về "+w.theme+".")
		w.entry("Thời gian", fmt.Sprintf("%02d giờ %02d phút, ngày %s.", w.dice.between(7, 16), w.dice.between(0, 5)*10, day))
		w.entry("Địa điểm", fmt.Sprintf("Hội trường tầng %d, số %d đường %s, %s.", w.dice.between(1, 6), w.dice.between(2, 300), w.dice.one(streets...), w.agency.place))
		w.say(w.prose(1) + "/.")
	case "giay-gioi-thieu":
		w.say(w.tone(w.agency.named) + " trân trọng giới thiệu:")
		w.para(run{text: "Ông (bà): " + who, style: strong})
		w.entry("Chức vụ", "Chuyên viên")
		w.entry("Được cử đến", w.fill("Trung tâm Phục vụ hành chính công {noi}"))
		w.entry("Về việc", w.theme)
		w.say("Đề nghị quý cơ quan tạo điều kiện để ông (bà) có tên ở trên hoàn thành nhiệm vụ./.")
		w.para(run{text: "Giấy này có giá trị đến hết ngày " + day + "./.", style: slant})
	case "giay-nghi-phep":
		w.say("Xét đơn đề nghị nghỉ phép ngày " + w.fill("{ngay}") + " của ông (bà) " + who + ", " + w.tone(w.agency.named) + " cấp cho:")
		w.para(run{text: "Ông (bà): " + who, style: strong})
		w.entry("Chức vụ", "Chuyên viên")
		w.entry("Nghỉ phép trong thời gian", fmt.Sprintf("%02d ngày, kể từ ngày %s", w.dice.between(2, 12), day))
		w.entry("Nơi nghỉ", "tỉnh "+w.dice.one(provinces...))
		w.say("Số ngày nghỉ phép nêu trên được tính vào thời gian nghỉ phép năm./.")
	case "giay-uy-quyen":
		w.bases()
		w.say("Nay ủy quyền cho ông (bà) " + who + ", chức vụ Phó Trưởng phòng, được ký các văn bản trong " + w.theme + " kể từ ngày " + day + ".")
		w.say(w.prose(2))
		w.say("Người được ủy quyền không được ủy quyền lại cho người khác./.")
	default:
		w.to()
		w.say(w.tone(w.agency.named) + " gửi kèm theo phiếu này các văn bản sau đây:")
		for i := range w.dice.between(2, 4) {
			w.say(fmt.Sprintf("%d. ", i+1) + w.fill("Công văn số {sovb}/VP-TTHC ngày {ngay} về {viec}.") + " " + w.prose(1))
		}
		w.say("Đề nghị quý cơ quan xem xét, giải quyết theo thẩm quyền./.")
	}
}
