extension UsualSentence {
    var spanish: String {
        switch self {
        case .brief: "Tengo una llamada para usted. {reason}. {said}"
        case .saidBefore: "Ha dicho: {words}."
        case .takesCall: "¿Toma la llamada? Diga sí o pulse {key}, o diga no."
        case .takenCall: "Gracias, le paso la llamada."
        case .declinedCall: "De acuerdo, se lo diré. Adiós."
        case .callerGone: "Quien llamaba ya no está en la línea. Adiós."
        case .somebody: "alguien"
        case .hold: "Sigo intentando comunicarle con {who}. No cuelgue, por favor."
        case .deciding: "Ya han contestado, y estoy explicando de qué se trata. No cuelgue, por favor."
        case .introduction: "Ya están los dos en la línea. {reason}. Les dejo hablar."
        case .placeAndWait: "Su llamada es la número {position} en la cola. Tardaremos {wait}, más o menos."
        case .place: "Su llamada es la número {position} en la cola."
        case .holding: "Gracias por esperar. Pulse uno si no quiere esperar más."
        case .connecting: "Ahora intento comunicarle."
        case .stillBusy: "En este momento no había nadie libre. No cuelgue, por favor."
        case .callbackOffer: "¿Le llamamos al número desde el que nos llama?"
        case .callbackNumber: "¿A qué número le llamamos?"
        case .callbackConfirm: "Es el {number}. ¿Es correcto?"
        case .callbackDone: "Gracias. Le llamaremos {when}. Adiós."
        case .callbackSorry: "Lo siento, no puedo prometerle una llamada."
        case .messageDone: "Gracias, hemos guardado su mensaje. Adiós."
        case .messageSorry: "Lo siento, no se ha podido guardar su mensaje."
        case .recorded: "Esta llamada se graba."
        case .mayRecord: "¿Puedo grabar esta llamada? Diga sí o no, por favor."
        case .mayRecordAgain: "No le he entendido. ¿Se puede grabar esta llamada, sí o no?"
        case .mayBeRecorded: "Gracias."
        case .notRecorded: "De acuerdo, esta llamada no se graba."
        case .recordingStopped: "He detenido la grabación. Siga, por favor."
        case .screenedInformation:
            "Soy el asistente automático de {seller}, y tengo información para la persona a la que llamo."
        case .screenedOffer:
            "Soy el asistente automático de {seller}, y tengo una oferta para la persona a la que llamo."
        case .screenedSafety:
            "Soy el asistente automático de {seller}, y llamo por la seguridad de la persona a la que llamo."
        case .cutOff: "Perdone, se ha cortado por un momento."
        case .apology: "Perdone, algo ha fallado por mi parte. ¿Puede repetirlo?"
        case .surrender: "Lo siento, ahora mismo no puedo ayudarle. Vuelva a llamar más tarde, por favor. Adiós."
        case .farewell:
            "Lo siento, tengo que terminar la llamada. Vuelva a llamar dentro de unos minutos, por favor. Adiós."
        case .handBack: "Vuelve a hablar con el asistente. ¿En qué puedo ayudarle?"
        case .nobodyThere:
            "Lo siento, ahora mismo nadie puede atender su llamada. Vuelva a llamar más tarde, por favor. Adiós."
        case .notDone: "Lo siento, eso todavía no está hecho."
        case .notSure: "No lo sé con certeza, y prefiero no adivinar."
        case .optedOut: "De acuerdo. No volveremos a llamarle. Adiós."
        }
    }
}
